import credentialsLate from '../../../src/rules/ice/credentials-late.ts';
import { clientOf, sideOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(credentialsLate, {
  passes: [{ name: 'the reference client', facts: deployment }],
  fails: [
    {
      name: 'setConfiguration a second after gathering began',
      facts: deployment.with({
        client: clientOf(
          sideOf(
            [
              ['peer', 1, { servers: 0 }],
              ['gathered', 9],
              ['credentials', 1004, { tookMs: 1000 }],
            ],
            null,
          ),
        ),
      }),
      message:
        'first call, caller: gathering began without an ICE server, the credentials came 1.0 s after it',
      evidence: 'connection without servers at 1 ms, credentials at 1.0 s',
      count: 1,
    },
    {
      name: 'credentials that never come',
      facts: deployment.with({ client: clientOf(sideOf([['peer', 1, { servers: 0 }]], null)) }),
      message: 'the credentials came never',
    },
  ],
});
