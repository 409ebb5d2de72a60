import rule from '../../../src/rules/relay/port-range-too-small.ts';
import { deployment, fileAlone, wireAlone } from '../../support/facts-builder.ts';
import { allocateFailed, errorResponse } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const noPort = allocateFailed(errorResponse(508));

ruleTester(rule, {
  passes: [
    { name: 'the default', facts: fileAlone },
    { name: 'forty ports', facts: fileAlone.withConfig('min-port=49160', 'max-port=49200') },
    { name: 'inverted is another matter', facts: fileAlone.withConfig('min-port=60000', 'max-port=50000') },
    { name: '508 of an ample range is another matter', facts: deployment.seeing(noPort) },
    { name: 'an allocation', facts: wireAlone },
  ],
  fails: [
    {
      name: 'six ports',
      facts: fileAlone.withConfig('min-port=30000', 'max-port=30005'),
      message: /6 relay ports: about 1 call/,
      severity: 'error',
    },
    {
      name: 'forty ports, all taken',
      facts: deployment.withConfig('min-port=49160', 'max-port=49200').seeing(noPort),
      message: /All 41 relay ports/,
      evidence: /error 508/,
    },
    { name: 'on the wire', facts: wireAlone.seeing(noPort), message: /508/ },
  ],
});
