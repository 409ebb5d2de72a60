import rule from '../../../src/rules/auth/secret-missing.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a secret', facts: fileAlone },
    { name: 'static users', facts: fileAlone.withConfig('user=alice:pw') },
  ],
  fails: [
    {
      name: 'none',
      facts: fileAlone.removing('static-auth-secret'),
      severity: 'error',
      option: 'use-auth-secret',
    },
    {
      name: 'an empty one',
      facts: fileAlone.withConfig('static-auth-secret='),
      message: /no secret at all/,
      severity: 'error',
    },
    {
      name: 'in a database',
      facts: fileAlone.withConfig('use-auth-secret', 'redis-userdb="ip=127.0.0.1"'),
      severity: 'warning',
    },
  ],
});
