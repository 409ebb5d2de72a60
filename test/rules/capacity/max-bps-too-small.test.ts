import rule from '../../../src/rules/capacity/max-bps-too-small.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'no limit', facts: fileAlone },
    { name: 'enough', facts: fileAlone.adding('max-bps=400000') },
  ],
  fails: [
    {
      name: 'bits meant',
      facts: fileAlone.adding('max-bps=32000'),
      message: /256 kbit\/s/,
      severity: 'warning',
    },
  ],
});
