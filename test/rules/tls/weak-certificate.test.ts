import type { ServedCertificate } from '../../../src/model/observations/tls-handshake.ts';
import rule from '../../../src/rules/tls/weak-certificate.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { handshake, servedCertificate } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const sha256 = 'sha256WithRSAEncryption';
const serving = (changes: Partial<ServedCertificate>) =>
  wireAlone.seeing(handshake({ certificate: { ...servedCertificate, ...changes } }));

ruleTester(rule, {
  passes: [
    { name: 'ECDSA', facts: serving({ key: { type: 'ec', curve: 'prime256v1' }, signature: sha256 }) },
    { name: 'RSA 2048', facts: serving({ key: { type: 'rsa', bits: 2048 }, signature: sha256 }) },
    {
      name: 'self-signed with SHA-1: nobody looks at that signature',
      facts: serving({
        key: { type: 'rsa', bits: 2048 },
        signature: 'sha1WithRSAEncryption',
        issuer: servedCertificate.subject,
      }),
    },
  ],
  fails: [
    {
      name: 'RSA 1024',
      facts: serving({ key: { type: 'rsa', bits: 1024 }, signature: sha256 }),
      message: 'The certificate on 203.0.113.10:5349/tls has an RSA key of 1024 bits',
      severity: 'error',
    },
    {
      name: 'SHA-1',
      facts: serving({ key: { type: 'rsa', bits: 2048 }, signature: 'sha1WithRSAEncryption' }),
      message: /is signed with sha1WithRSAEncryption$/,
    },
  ],
  skips: [{ name: 'an older report', facts: wireAlone.seeing(handshake()), reason: 'no key' }],
});
