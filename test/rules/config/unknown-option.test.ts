import rule from '../../../src/rules/config/unknown-option.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'known options', facts: fileAlone },
    {
      name: 'options of other versions',
      facts: fileAlone.adding('no-loopback-peers', 'rfc5780', 'prometheus'),
    },
    { name: 'a line of a template', facts: fileAlone.adding('{{ turn_extra_options }}') },
  ],
  fails: [
    {
      name: 'underscores',
      facts: fileAlone.withConfig('realm=a.example', 'static_auth_secret=abcdefgh'),
      message: /static-auth-secret is not set/,
      remedy: 'Write static-auth-secret.',
      evidence: /^line 2: static_auth_secret=\*{8}$/,
      line: 2,
      option: 'static_auth_secret',
    },
    { name: 'dashes', facts: fileAlone.adding('--fingerprint'), remedy: /without the dashes/ },
    { name: 'a colon', facts: fileAlone.adding('realm: x.example'), remedy: /separated by =/ },
    { name: 'a one-letter name', facts: fileAlone.adding('v'), remedy: /verbose/ },
    { name: 'nothing like it', facts: fileAlone.adding('ice-check-interval=25'), remedy: /Delete the line/ },
    {
      name: 'the opposite is no suggestion',
      facts: fileAlone.adding('no-web-admin'),
      remedy: /Delete the line/,
    },
    {
      name: 'another version of TLS is no suggestion',
      facts: fileAlone.adding('no-tlsv1_3'),
      message: /is dropped$/,
      remedy: /Delete the line/,
    },
    {
      name: 'the same version, misspelt, is one',
      facts: fileAlone.adding('no-tlsv1.2'),
      remedy: /no-tlsv1_2/,
    },
    { name: 'a would-be comment does no harm', facts: fileAlone.adding('; realm=x'), severity: 'info' },
  ],
  skips: [
    {
      name: 'a file of something else',
      facts: fileAlone.withConfig('sudo a', 'sudo b', 'sudo c'),
      reason: /not-coturn/,
    },
  ],
});
