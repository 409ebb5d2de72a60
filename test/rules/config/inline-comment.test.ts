import rule from '../../../src/rules/config/inline-comment.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'a # inside a secret', facts: fileAlone.withConfig('static-auth-secret=c2V#cmV0Zm9v+/==') },
    { name: 'a secret that starts with #', facts: fileAlone.withConfig('static-auth-secret=#abc') },
    { name: 'a # inside double quotes', facts: fileAlone.withConfig('realm="a # b"') },
    { name: 'a comment of its own', facts: fileAlone.adding('  # realm=x # y') },
  ],
  fails: [
    {
      name: 'behind a secret',
      facts: fileAlone.withConfig('static-auth-secret=abc # talk'),
      message: /part of the secret/,
      evidence: /=\*\*\* # \*\*\*\*$/,
      severity: 'error',
    },
    {
      name: 'behind a flag',
      facts: fileAlone.withConfig('no-stun # off'),
      message: /exits/,
      severity: 'error',
    },
    {
      name: 'behind an address',
      facts: fileAlone.withConfig('external-ip=198.51.100.7 # ip'),
      message: /dropped/,
    },
    {
      name: 'behind a range, fatal later',
      facts: fileAlone.withConfig('denied-peer-ip=10.0.0.1 # x').asVersion('4.11.0'),
      message: /exits/,
    },
    {
      name: 'behind a port, harmless for now',
      facts: fileAlone.withConfig('min-port=50000 # x'),
      severity: 'warning',
    },
    {
      name: 'behind a port, fatal later',
      facts: fileAlone.withConfig('min-port=50000 # x').asVersion('4.13.0'),
      severity: 'error',
    },
    { name: 'behind a number', facts: fileAlone.withConfig('total-quota=100 # x'), severity: 'warning' },
    {
      name: 'in another language',
      facts: fileAlone.withConfig('realm=a.example ; mine'),
      message: /part of the realm/,
    },
    { name: 'behind quotes', facts: fileAlone.withConfig('realm="a.example" # mine') },
  ],
});
