import rule from '../../../src/rules/config/line-too-long.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [{ name: 'a long line that fits', facts: fileAlone.adding(`#${'x'.repeat(1000)}`) }],
  fails: [
    {
      name: 'an option in the rest of a comment',
      facts: fileAlone.adding(`#${'x'.repeat(1022)}min-port=50000`),
      message: /min-port is in force/,
      option: 'min-port',
      severity: 'error',
    },
    {
      name: 'a comment that loses its end',
      facts: fileAlone.adding(`# ${'words '.repeat(200)}`),
      severity: 'info',
    },
    {
      name: 'a value that loses its end',
      facts: fileAlone.adding(`cipher-list=${'A:'.repeat(600)}`),
      severity: 'error',
    },
  ],
});
