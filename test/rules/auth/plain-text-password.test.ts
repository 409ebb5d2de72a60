import rule from '../../../src/rules/auth/plain-text-password.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const users = fileAlone.removing('use-auth-secret', 'static-auth-secret');

ruleTester(rule, {
  passes: [
    { name: 'no users', facts: fileAlone },
    { name: 'a key', facts: users.adding('user=joe:0xbc807ee29df3c9ffa736523fb2c4e8ee') },
    { name: 'users that do not count beside a secret', facts: fileAlone.adding('user=joe:hunter22') },
    { name: 'a template', facts: users.adding('user=joe:{{ password }}') },
  ],
  fails: [
    {
      name: 'two passwords',
      facts: users.adding('lt-cred-mech', 'user=joe:hunter22', 'user=ann:hunter23'),
      message: '2 user lines',
      evidence: /user=joe:\*+$/,
      severity: 'info',
      count: 1,
    },
  ],
});
