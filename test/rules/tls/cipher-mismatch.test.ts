import cipherMismatch from '../../../src/rules/tls/cipher-mismatch.ts';
import { deployment } from '../../support/facts-builder.ts';
import { handshake, handshakeFailed } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';
import { tlsFiles } from '../../support/tls-files.ts';

const ciphers = (list: string) => deployment.adding(`cipher-list=${list}`);
const alert40 = handshakeFailed({ outcome: 'tls-failed', error: 'ssl/tls alert handshake failure' });

ruleTester(cipherMismatch, {
  passes: [
    { name: 'no list', facts: deployment },
    { name: 'a suite for each', facts: ciphers('ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384') },
    {
      name: 'an RSA suite without the word',
      facts: ciphers('ECDHE-ECDSA-AES256-GCM-SHA384:AES256-GCM-SHA384'),
    },
    { name: 'an alias may stand for both', facts: ciphers('HIGH:!aNULL:!MD5') },
    {
      name: 'the key is not known, and the handshake works',
      facts: ciphers('HIGH').without('tlsFiles').seeing(handshake()),
    },
  ],
  fails: [
    {
      name: 'only ECDSA suites for an RSA key, 4.6.1: every handshake fails',
      facts: ciphers('ECDHE-ECDSA-AES256-GCM-SHA384'),
      message: 'cipher-list has no suite for the RSA key of the certificate: every handshake fails',
      option: 'cipher-list',
      severity: 'error',
    },
    {
      name: 'the same on 4.18.0, where TLS 1.3 goes on',
      facts: ciphers('ECDHE-ECDSA-AES256-GCM-SHA384').asVersion('4.18.0'),
      message: /clients with TLS 1\.2 fail/,
      severity: 'warning',
    },
    {
      name: 'only RSA suites for an ECDSA key',
      facts: ciphers('ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA:!aNULL').with(
        tlsFiles({ certificate: { keyType: 'ec' } }),
      ),
      message: /the ECDSA key/,
    },
    {
      name: 'from the wire, when the file cannot be read',
      facts: ciphers('NONSENSE').without('tlsFiles').seeing(alert40),
      message: /refuses the handshake/,
      evidence: /cipher-list=NONSENSE; .*alert handshake failure/,
    },
  ],
  skips: [{ name: 'neither files nor wire', facts: ciphers('HIGH').without('tlsFiles', 'wire') }],
});
