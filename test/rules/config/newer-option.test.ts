import rule from '../../../src/rules/config/newer-option.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'options of this version', facts: fileAlone },
    { name: 'a newer coturn', facts: fileAlone.adding('rfc5780').asVersion('4.7.0') },
  ],
  fails: [
    {
      name: 'rfc5780 in 4.6.1',
      facts: fileAlone.adding('rfc5780'),
      message: /4\.7\.0; 4\.6\.1/,
      severity: 'warning',
    },
  ],
});
