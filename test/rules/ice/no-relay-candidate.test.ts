import noRelayCandidate from '../../../src/rules/ice/no-relay-candidate.ts';
import { clientOf, sideOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(noRelayCandidate, {
  passes: [{ name: 'the reference client', facts: deployment }],
  fails: [
    {
      name: 'a credential that is refused',
      facts: deployment.with({
        client: clientOf(
          sideOf(
            [
              [
                'candidate-error',
                30,
                { url: 'turn:turn.example.org:3478?transport=udp', code: 401, message: 'Unauthorized' },
              ],
            ],
            null,
          ),
        ),
      }),
      message: 'first call, caller: no relay candidate came',
      evidence: 'turn:turn.example.org:3478?transport=udp: 401 Unauthorized',
      count: 1,
    },
  ],
});
