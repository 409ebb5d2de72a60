import rule from '../../../src/rules/auth/several-secrets.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'one', facts: fileAlone },
    { name: 'none', facts: fileAlone.withConfig('user=a:b') },
  ],
  fails: [
    {
      name: 'two',
      facts: fileAlone.adding('static-auth-secret=another'),
      message: /2 secrets/,
      severity: 'info',
      evidence: /\*; line/,
    },
  ],
});
