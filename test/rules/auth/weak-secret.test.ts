import rule from '../../../src/rules/auth/weak-secret.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a long random one', facts: fileAlone },
    { name: 'none at all is another matter', facts: fileAlone.withConfig('static-auth-secret=') },
  ],
  fails: [
    {
      name: 'a short one',
      facts: fileAlone.withConfig('static-auth-secret=abc'),
      message: /3 characters/,
      severity: 'warning',
    },
    { name: 'from a tutorial', facts: fileAlone.withConfig('static-auth-secret=north'), message: /tutorial/ },
    {
      name: 'a placeholder',
      facts: fileAlone.withConfig('static-auth-secret=YOUR_SECRET_HERE'),
      message: /placeholder/,
    },
  ],
});
