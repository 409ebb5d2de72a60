import { defineRule } from '../../model/rule.ts';
import { certificatesInUse } from '../certificates-in-use.ts';

export default defineRule({
  id: 'tls/certificate-expired',
  meta: {
    title: 'The TLS certificate has expired',
    effect: 'Browsers refuse TURN over TLS',
    why: 'A browser refuses a turns: server whose certificate is out of date and reports only a failed candidate.',
    remedy: 'Renew the certificate, then make coturn read it again with SIGUSR2.',
    severity: 'error',
    references: ['RFC 5280 §4.1.2.5'],
    explainedBy: ['tls/not-reloaded'],
  },
  either: ['tlsFiles', 'wire'],
  check: (facts, { now }) => {
    const certificates = certificatesInUse(facts);
    if (certificates.length === 0) return { skip: 'no certificate was seen, in a file or on the wire' };
    return certificates
      .filter(({ notAfter }) => Date.parse(notAfter) <= now)
      .map(({ where, at, notAfter, subject }) => ({
        ...(at ? { at } : {}),
        message: `The certificate ${where} expired on ${notAfter.slice(0, 10)}`,
        evidence: `notAfter=${notAfter}, subject ${subject}`,
      }));
  },
});
