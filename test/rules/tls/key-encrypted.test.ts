import keyEncrypted from '../../../src/rules/tls/key-encrypted.ts';
import { deployment } from '../../support/facts-builder.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const encrypted = deployment.with(tlsFiles({ key: { encrypted: true, matchesCertificate: null } }));

ruleTester(keyEncrypted, {
  passes: [
    { name: 'a plain key', facts: deployment },
    { name: 'an encrypted key and its password', facts: encrypted.adding('pkey-pwd=correct horse') },
  ],
  fails: [
    {
      name: 'an encrypted key alone',
      facts: encrypted,
      message: '/etc/coturn/turn.key is encrypted, and pkey-pwd is not set',
      remedy: /openssl pkey -in \/etc\/coturn\/turn\.key/,
      option: 'pkey',
      severity: 'error',
    },
    { name: 'an empty password', facts: encrypted.adding('pkey-pwd=') },
  ],
  skips: [{ name: 'TLS is off', facts: encrypted.adding('no-tls') }],
});
