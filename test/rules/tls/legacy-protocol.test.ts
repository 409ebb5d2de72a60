import rule from '../../../src/rules/tls/legacy-protocol.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'the defaults', facts: fileAlone },
    { name: 'no TLS', facts: fileAlone.adding('no-tls', 'no-dtls', 'dh566') },
    { name: 'a group of its own', facts: fileAlone.adding('dh566', 'dh-file=/etc/dh.pem') },
    { name: 'a flag that this version does not know', facts: fileAlone.adding('tlsv1') },
  ],
  fails: [
    { name: 'a short group', facts: fileAlone.adding('dh566'), message: /566 bits/, severity: 'warning' },
    { name: 'TLS 1.0 and 1.1', facts: fileAlone.adding('tlsv1', 'tlsv1_1').asVersion('4.18.0'), count: 2 },
  ],
});
