import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { restartCommand } from '../service-commands.ts';
import { endpointOf } from '../wire-evidence.ts';

/** Whose leaf certificates hang from an intermediate, never from the root: the large public authorities. */
const PUBLIC_AUTHORITY =
  /Let's Encrypt|ZeroSSL|Sectigo|DigiCert|GlobalSign|Google Trust Services|Amazon|GoDaddy|Entrust|Buypass|Certum|Actalis|SSL\.com|HARICA|SwissSign/i;

export default defineRule({
  id: 'tls/chain-incomplete',
  meta: {
    title: 'The intermediate certificate is missing',
    effect: 'Some clients refuse TURN over TLS, others do not',
    why: 'The server sends its own certificate only. A client that happens to have the intermediate goes on; Android, Firefox and native applications refuse.',
    remedy: 'Let cert name the file with the whole chain (fullchain.pem instead of cert.pem).',
    severity: 'error',
    references: ['RFC 8446 §4.4.2'],
  },
  needs: ['wire'],
  uses: ['service', 'tlsFiles'],
  check: ({ wire, service, tlsFiles }) => {
    const handshakes = observed(wire.observations, 'tls-handshake').filter(
      ({ outcome }) => outcome === 'handshake',
    );
    if (handshakes.length === 0) return { skip: 'no TLS handshake was completed' };
    return handshakes.flatMap(observation => {
      if (observation.outcome !== 'handshake') return [];
      const { issuer, subject, chainLength } = observation.certificate;
      const alone = chainLength === 1 && issuer !== subject && PUBLIC_AUTHORITY.test(issuer);
      if (!alone || !observation.untrusted?.startsWith('UNABLE_TO_')) return [];
      const file = tlsFiles?.certificateFile.path;
      const fullChain = file?.endsWith('/cert.pem') ? file.replace(/cert\.pem$/, 'fullchain.pem') : undefined;
      return [
        {
          message: `${endpointOf(observation)} sends the certificate of ${subject} without the intermediate ${issuer}`,
          evidence: `${observation.untrusted}; ${chainLength} certificate in the chain`,
          ...(fullChain
            ? {
                remedy: `Set cert=${fullChain}, then ${restartCommand(service)}.`,
              }
            : {}),
        },
      ];
    });
  },
});
