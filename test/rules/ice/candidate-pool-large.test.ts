import candidatePoolLarge from '../../../src/rules/ice/candidate-pool-large.ts';
import { clientOf } from '../../support/call-records.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const pool = (poolSize: number) => deployment.with({ client: clientOf(undefined, { poolSize }) });

ruleTester(candidatePoolLarge, {
  passes: [
    { name: 'none', facts: pool(0) },
    { name: 'one, made ahead', facts: pool(1) },
  ],
  fails: [
    {
      name: 'ten',
      facts: pool(10),
      message: 'The naive client gathers 10 times for each call',
      evidence: 'iceCandidatePoolSize: 10',
      severity: 'warning',
    },
  ],
});
