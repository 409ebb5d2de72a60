import rule from '../../../src/rules/capacity/total-quota-too-small.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocateFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'no quota', facts: fileAlone },
    { name: 'a large one', facts: fileAlone.adding('total-quota=1200') },
    { name: 'nothing was refused', facts: wireAlone },
  ],
  fails: [
    { name: 'one', facts: fileAlone.adding('total-quota=1'), severity: 'error' },
    {
      name: 'reached',
      facts: deployment.adding('total-quota=100').seeing(allocateFailed(errorResponse(486))),
      evidence: /total-quota=100; .*error 486/,
    },
    {
      name: 'a quota, on the wire alone',
      facts: wireAlone.seeing(allocateFailed(errorResponse(486))),
      evidence: /486/,
    },
    {
      name: 'reached, or that of the user was',
      facts: deployment.adding('total-quota=100', 'user-quota=12').seeing(allocateFailed(errorResponse(486))),
      severity: 'warning',
    },
    {
      name: 'a quota that the file does not have',
      facts: deployment.seeing(allocateFailed(errorResponse(486))),
      message: /the file has none/,
    },
  ],
});
