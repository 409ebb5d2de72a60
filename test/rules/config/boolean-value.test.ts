import rule from '../../../src/rules/config/boolean-value.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    {
      name: 'values coturn reads',
      facts: fileAlone.withConfig('no-tls=0', 'verbose=yes', 'fingerprint=ON', 'no-dtls=false', 'mobility'),
    },
    { name: 'true for a flag that is never read', facts: fileAlone.withConfig('use-auth-secret=true') },
    { name: 'an option of another version', facts: fileAlone.withConfig('rfc5780=perhaps') },
  ],
  fails: [
    {
      name: 'a word',
      facts: fileAlone.withConfig('verbose=enabled'),
      message: /exits over verbose=enabled/,
      severity: 'error',
    },
    { name: 'odd capitals', facts: fileAlone.withConfig('no-tls=oFF') },
    {
      name: 'false for a flag that is never read',
      facts: fileAlone.withConfig('use-auth-secret=false'),
      message: /switches use-auth-secret on/,
    },
    {
      name: 'false for a flag that is only switched on',
      facts: fileAlone.withConfig('Verbose=0'),
      severity: 'info',
    },
  ],
});
