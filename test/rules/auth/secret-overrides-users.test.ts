import rule from '../../../src/rules/auth/secret-overrides-users.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'no static users', facts: fileAlone },
    { name: 'no secret', facts: fileAlone.withConfig('lt-cred-mech', 'user=alice:pw') },
  ],
  fails: [
    { name: 'both', facts: fileAlone.adding('user=alice:pw', 'user=bob:pw'), message: /2 user lines/ },
    {
      name: 'switched on by false',
      facts: fileAlone.withConfig('use-auth-secret=false', 'user=alice:pw'),
      message: /1 user line/,
      line: 1,
    },
    {
      name: 'a secret alone',
      facts: fileAlone.withConfig('static-auth-secret=abc', 'user=alice:pw'),
      option: 'static-auth-secret',
    },
  ],
});
