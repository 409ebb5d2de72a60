import rule from '../../../src/rules/tls/certificate-incomplete.ts';
import { fileAlone } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'both', facts: fileAlone },
    { name: 'neither', facts: fileAlone.removing('cert', 'pkey') },
    { name: 'no TLS at all', facts: fileAlone.removing('pkey').adding('no-tls', 'no-dtls') },
  ],
  fails: [
    {
      name: 'no key',
      facts: fileAlone.removing('pkey'),
      message: /turn_server_pkey\.pem/,
      remedy: /Set pkey/,
      option: 'cert',
    },
    { name: 'no certificate', facts: fileAlone.removing('cert'), option: 'pkey', severity: 'warning' },
  ],
});
