import rule from '../../../src/rules/nat/external-ip-duplicate.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'one', facts: fileAlone.adding('external-ip=198.51.100.7') },
    {
      name: 'pairs',
      facts: fileAlone.adding('external-ip=198.51.100.7/10.0.0.5', 'external-ip=198.51.100.8/10.0.0.6'),
    },
    {
      name: 'the same twice',
      facts: fileAlone.adding('external-ip=198.51.100.7', 'external-ip=198.51.100.7'),
    },
  ],
  fails: [
    {
      name: 'two',
      facts: fileAlone.adding('external-ip=198.51.100.7', 'external-ip=198.51.100.8'),
      message: /100\.8 is refused, 198\.51\.100\.7 stays/,
      severity: 'warning',
    },
    {
      name: 'one of each family',
      facts: fileAlone.adding('external-ip=198.51.100.7', 'external-ip=2001:db8::7'),
      severity: 'info',
    },
  ],
});
