import rule from '../../../src/rules/config/quoted-value.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'double quotes', facts: fileAlone.withConfig('realm="a.example"') },
    { name: 'an apostrophe inside', facts: fileAlone.withConfig("realm=it's.example") },
    { name: 'an unknown option', facts: fileAlone.withConfig("frobnicate='x'") },
  ],
  fails: [
    {
      name: 'single quotes around a secret',
      facts: fileAlone.withConfig("static-auth-secret='abc'"),
      message: /part of the secret/,
    },
    {
      name: 'typographic quotes',
      facts: fileAlone.withConfig('pidfile=”/run/turn.pid”'),
      message: /pidfile/,
    },
  ],
});
