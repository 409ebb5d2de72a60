import rule from '../../../src/rules/relay/port-range-inverted.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'in order', facts: fileAlone },
    { name: 'one port', facts: fileAlone.withConfig('min-port=50000', 'max-port=50000') },
  ],
  fails: [
    {
      name: 'both',
      facts: fileAlone.withConfig('min-port=60000', 'max-port=50000'),
      message: 'min-port 60000 is above max-port 50000',
      severity: 'error',
    },
    {
      name: 'max-port alone',
      facts: fileAlone.withConfig('max-port=40000'),
      message: /49152 \(the default\) is above/,
    },
  ],
});
