import { observed } from '../../model/observation.ts';
import type { ServedCertificate } from '../../model/observations/tls-handshake.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'tls/weak-certificate',
  meta: {
    title: 'The certificate has a weak key or signature',
    effect: 'Browsers refuse TURN over TLS',
    why: 'Signatures with MD5 and SHA-1 can be forged, and browsers have refused them since 2017; RSA keys below 2048 bits are refused by OpenSSL at its usual security level and by public authorities.',
    remedy: 'Get a certificate with an ECDSA P-256 or RSA 2048 key, signed with SHA-256.',
    severity: 'error',
    references: ['RFC 9325 §4.5', 'CA/Browser Forum Baseline Requirements §6.1.5'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const served = observed(wire.observations, 'tls-handshake').flatMap(observation =>
      observation.outcome === 'handshake' && observation.certificate.key ? [observation] : [],
    );
    if (served.length === 0) return { skip: 'no key was seen in a TLS handshake' };
    return served.flatMap(observation => {
      const { certificate } = observation;
      const weakness = weaknessOf(certificate);
      if (weakness === null) return [];
      return [
        {
          message: `The certificate on ${endpointOf(observation)} ${weakness}`,
          evidence: `subject ${certificate.subject}, key ${JSON.stringify(certificate.key)}, signature ${certificate.signature ?? 'unknown'}`,
        },
      ];
    });
  },
});

function weaknessOf({ key, signature = '', subject, issuer }: ServedCertificate): string | null {
  // The signature of a root is never looked at.
  if (/md5|sha1/i.test(signature) && subject !== issuer) return `is signed with ${signature}`;
  if (key?.type === 'rsa' && key.bits !== undefined && key.bits < 2048)
    return `has an RSA key of ${key.bits} bits`;
  return key?.type === 'dsa' ? 'has a DSA key' : null;
}
