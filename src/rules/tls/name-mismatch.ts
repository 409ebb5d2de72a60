import type { FactValues } from '../../model/facts.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIp } from '../../util/ip.ts';
import { listed } from '../../util/text.ts';
import { hostOf } from '../uri-host.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'tls/name-mismatch',
  meta: {
    title: 'The certificate does not cover the name clients use',
    effect: 'Browsers refuse TURN over TLS',
    why: 'A browser compares the host of the turns: URL with the names of the certificate and reports only a failed candidate. A bare address needs an IP entry, which public certificates rarely have.',
    remedy: 'Give clients a name that the certificate covers, or a certificate for the name they use.',
    severity: 'error',
    references: ['RFC 6125 §6.4', 'RFC 8656 §3.1'],
  },
  needs: ['wire'],
  uses: ['endpoint'],
  check: ({ wire, endpoint }) => {
    const handshakes = observed(wire.observations, 'tls-handshake').filter(
      ({ outcome }) => outcome === 'handshake',
    );
    if (handshakes.length === 0) return { skip: 'no TLS handshake was completed' };
    const judged = handshakes.filter(({ uri }) => isWhatClientsUse(uri, wire, endpoint));
    if (judged.length === 0)
      return { skip: 'probed by address from the server itself, while clients use a name not known here' };
    return judged.flatMap(observation => {
      if (observation.outcome !== 'handshake' || observation.nameMismatch === undefined) return [];
      const { names } = observation.certificate;
      return [
        {
          message: `The certificate on ${endpointOf(observation)} is for ${listed(names) || 'no name'}, not for ${hostOf(observation.uri)}`,
          evidence: observation.nameMismatch,
          ...(names[0]
            ? {
                remedy: `Hand out turns:${names[0].replace('*', 'turn')} instead, or get a certificate for ${hostOf(observation.uri)}.`,
              }
            : {}),
        },
      ];
    });
  },
});

/** On the server itself turnctl takes its own address when it knows no name; that says nothing about clients. */
function isWhatClientsUse(
  uri: string,
  { vantage }: FactValues['wire'],
  endpoint?: FactValues['endpoint'],
): boolean {
  if (vantage === 'elsewhere' || parseIp(hostOf(uri)) === null) return true;
  return endpoint?.outcome === 'answered' && endpoint.uris.some(offered => hostOf(offered) === hostOf(uri));
}
