import gatheringSlow from '../../../src/rules/ice/gathering-slow.ts';
import { clientOf, sideOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(gatheringSlow, {
  passes: [{ name: 'the reference client', facts: deployment }],
  fails: [
    {
      name: 'a server that is given up after 40 s',
      facts: deployment.with({
        client: clientOf(
          sideOf(
            [
              ['peer', 1, { servers: 1 }],
              ['candidate', 76, { side: 'local', type: 'relay' }],
              ['candidate-error', 39_990, { url: 'stun:198.51.100.9:3478', code: 701, message: 'timed out' }],
              ['gathered', 39_991],
            ],
            40_300,
          ),
        ),
      }),
      message: 'first call, caller: gathering took 40.0 s: stun:198.51.100.9:3478 was given up at 40.0 s',
      evidence:
        'longest silence 39.9 s, from candidate (relay) at 76 ms to candidate-error at 40.0 s: as long as nine requests to a server',
    },
    {
      name: 'no end at all',
      facts: deployment.with({
        client: clientOf(
          sideOf(
            [
              ['peer', 1, { servers: 1 }],
              ['failed', 60_000],
            ],
            null,
          ),
        ),
      }),
      message: 'had not ended after 60.0 s',
    },
  ],
});
