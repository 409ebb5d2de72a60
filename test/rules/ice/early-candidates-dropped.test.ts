import earlyCandidatesDropped from '../../../src/rules/ice/early-candidates-dropped.ts';
import { clientOf, GOOD, sideOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(earlyCandidatesDropped, {
  passes: [{ name: 'the reference client', facts: deployment }],
  fails: [
    {
      name: 'the relay of the other side among them',
      facts: deployment.with({
        client: clientOf(
          sideOf(
            [
              ['candidate-dropped', 20, { type: 'host' }],
              ['candidate-dropped', 80, { type: 'relay' }],
              ['received', 1500, { type: 'answer' }],
            ],
            null,
          ),
        ),
      }),
      message:
        '2 candidates of the other side came before its description and were thrown away, its relay among them',
      evidence: 'first of them at 20 ms, description at 1.5 s',
      severity: 'error',
    },
    {
      name: 'a call that came about all the same',
      facts: deployment.with({
        client: clientOf(sideOf([['candidate-dropped', 20, { type: 'host' }], ...GOOD])),
      }),
      severity: 'warning',
    },
  ],
});
