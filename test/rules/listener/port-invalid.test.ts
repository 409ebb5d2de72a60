import rule from '../../../src/rules/listener/port-invalid.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'ports', facts: fileAlone },
    { name: 'an empty one is another matter', facts: fileAlone.adding('listening-port=') },
    {
      name: 'none for TLS, where there is no TLS',
      facts: fileAlone.withConfig('realm=a.example', 'tls-listening-port=0'),
    },
    { name: 'none of its own for the second address', facts: fileAlone.adding('alt-listening-port=0') },
    { name: 'a comment is another matter', facts: fileAlone.adding('listening-port=3478 # x') },
  ],
  fails: [
    {
      name: 'too large',
      facts: fileAlone.adding('listening-port=70000'),
      message: /reads 4464/,
      severity: 'error',
    },
    {
      name: 'a word, fatal later',
      facts: fileAlone.adding('tls-listening-port=https').asVersion('4.13.0'),
      message: /exits/,
    },
    {
      name: 'none, so that the system picks one',
      facts: fileAlone.adding('listening-port=0'),
      message: /nothing listens on 3478/,
      severity: 'error',
    },
    {
      name: 'none for TLS',
      facts: fileAlone.adding('tls-listening-port=0'),
      message: /nothing listens on 5349/,
    },
    { name: 'a tail', facts: fileAlone.adding('listening-port=3478/udp'), severity: 'warning' },
  ],
});
