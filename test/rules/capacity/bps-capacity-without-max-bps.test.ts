import rule from '../../../src/rules/capacity/bps-capacity-without-max-bps.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'neither', facts: fileAlone },
    { name: 'both', facts: fileAlone.adding('bps-capacity=1000000', 'max-bps=100000') },
    { name: 'zero', facts: fileAlone.adding('bps-capacity=0') },
  ],
  fails: [
    { name: 'one without the other', facts: fileAlone.adding('bps-capacity=1000000'), message: /1000000/ },
  ],
});
