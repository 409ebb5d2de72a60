import rule from '../../../src/rules/config/trailing-semicolon.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'none', facts: fileAlone },
    { name: 'in the middle', facts: fileAlone.adding('realm=a;b') },
  ],
  fails: [
    {
      name: 'behind a secret',
      facts: fileAlone.withConfig('static-auth-secret=abc;'),
      message: /part of the secret/,
    },
    { name: 'behind a value', facts: fileAlone.withConfig('realm=a.example;'), message: /part of the value/ },
    {
      name: 'behind a name',
      facts: fileAlone.withConfig('no-tls;'),
      option: 'no-tls',
      message: /drops the line/,
    },
  ],
});
