import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { certificatesInUse } from '../certificates-in-use.ts';

const DAY_MS = 24 * 3600 * 1000;

export default defineRule({
  id: 'tls/certificate-expires-soon',
  meta: {
    title: 'The TLS certificate expires soon',
    why: 'Automatic renewal takes place well before this; so close to the end it has failed, or coturn still serves the old certificate.',
    remedy:
      'See why the renewal did not happen (certbot renew --dry-run), and that its deploy hook reaches coturn.',
    severity: 'warning',
    references: ['RFC 5280 §4.1.2.5'],
    explainedBy: ['tls/not-reloaded'],
  },
  either: ['tlsFiles', 'wire'],
  check: (facts, { now }) => {
    const certificates = certificatesInUse(facts);
    if (certificates.length === 0) return { skip: 'no certificate was seen, in a file or on the wire' };
    return certificates.flatMap(({ where, at, notBefore, notAfter, subject }) => {
      const left = Date.parse(notAfter) - now;
      // Certificates of a few days are renewed in their last third.
      const soon = Math.min(14 * DAY_MS, (Date.parse(notAfter) - Date.parse(notBefore)) / 6);
      if (left <= 0 || left > soon) return [];
      return [
        {
          ...(at ? { at } : {}),
          message: `The certificate ${where} expires in ${plural(Math.ceil(left / DAY_MS), 'day')}, on ${notAfter.slice(0, 10)}`,
          evidence: `notAfter=${notAfter}, subject ${subject}`,
        },
      ];
    });
  },
});
