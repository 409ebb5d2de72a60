import rule from '../../../src/rules/config/byte-order-mark.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [{ name: 'plain UTF-8', facts: fileAlone.adding('# ä') }],
  fails: [
    {
      name: 'before an option',
      facts: fileAlone.withConfig('\ufeffrealm=a.example'),
      option: 'realm',
      severity: 'error',
    },
    {
      name: 'before a comment',
      facts: fileAlone.withConfig('\ufeff# mine', 'realm=a.example'),
      severity: 'info',
    },
  ],
});
