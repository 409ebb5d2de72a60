import noWorkingPair from '../../../src/rules/ice/no-working-pair.ts';
import { clientOf, sideOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(noWorkingPair, {
  passes: [{ name: 'the reference client', facts: deployment }],
  fails: [
    {
      name: 'checks that end after fifteen seconds',
      facts: deployment.with({
        client: clientOf(
          sideOf(
            [
              ['state', 280, { state: 'checking' }],
              ['state', 15_281, { state: 'disconnected' }],
            ],
            null,
          ),
        ),
      }),
      message: 'first call, caller: the checks came to nothing after 15.0 s',
    },
    {
      name: 'no check at all',
      facts: deployment.with({ client: clientOf(sideOf([['peer', 1, { servers: 1 }]], null)) }),
      message: 'first call, caller: the call did not connect, and no pair of candidates was ever checked',
      evidence: 'no description of the other side, no relay candidate of its own',
    },
  ],
});
