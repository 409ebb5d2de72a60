import rule from '../../../src/rules/capacity/user-quota-too-small.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocateFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'no quota', facts: fileAlone },
    { name: 'a usual one', facts: fileAlone.adding('user-quota=12') },
  ],
  fails: [
    { name: 'one', facts: fileAlone.adding('user-quota=1'), severity: 'error' },
    {
      name: 'reached',
      facts: deployment.adding('user-quota=12').seeing(allocateFailed(errorResponse(486))),
      evidence: /error 486/,
    },
  ],
  skips: [
    {
      name: 'reached, and no file to tell which',
      facts: wireAlone.seeing(allocateFailed(errorResponse(486))),
    },
  ],
});
