import type { Observation } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatUri } from '../../model/target.ts';
import { parseIceUrl } from '../ice-url.ts';
import { serverListsOf } from '../server-lists.ts';
import { hasAnswer, outcomeText } from '../wire-evidence.ts';

export default defineRule({
  id: 'ice/unresponsive-server',
  meta: {
    title: 'A server in the list of clients does not answer',
    effect: 'Browsers wait 40 s for the end of gathering',
    why: 'A browser sends nine requests to each server before it gives up: 40 s over UDP, whether the packets are dropped or refused, and 30 s for a TLS port that says nothing. An application that waits for the end of gathering starts its call that late.',
    remedy:
      'Repair the server or take it out of the list; in the application, trickle candidates or wait 2 s at most.',
    severity: 'error',
    references: ['RFC 8445 §5.1.1.2', 'RFC 8838', 'libwebrtc p2p/base/stun_request.cc'],
    explainedBy: [
      'service/not-running',
      'service/second-instance',
      'dns/name-unresolved',
      'firewall/listening-port-closed',
      'firewall/udp-not-published',
      'listener/no-stun',
      'listener/stun-only',
      'listener/privileged-port',
      'listener/address-not-local',
      'listener/udp-offered-but-disabled',
      'listener/tcp-offered-but-disabled',
      'tls/offered-but-disabled',
      'tls/key-unreadable',
      'relay/port-range-inverted',
    ],
  },
  needs: ['wire'],
  either: ['endpoint', 'client'],
  check: ({ endpoint, client, wire }) => {
    const lists = serverListsOf({ endpoint, client });
    if ('skip' in lists) return lists;
    const uris = [...new Set(lists.flatMap(list => list.uris))];
    const probed = uris.map(uri => ({ uri, observations: conversations(uri, wire.observations) }));
    if (probed.every(({ observations }) => observations.length === 0)) {
      return { skip: 'no server of the list was probed' };
    }
    return probed.flatMap(({ uri, observations }) => {
      const [silent] = observations.filter(isSilent);
      if (!silent || observations.some(hasAnswer)) return [];
      return [
        {
          message: `${uri} does not answer: a browser with this list gathers for ${silent.transport === 'tls' ? 30 : 40} s`,
          evidence: outcomeText(silent),
          remedy: `Take ${uri} out of the list until it answers.`,
        },
      ];
    });
  },
});

function conversations(uri: string, observations: readonly Observation[]): Observation[] {
  const url = parseIceUrl(uri);
  if (!('host' in url)) return [];
  const canonical = formatUri(url);
  return observations.filter(({ uri: other, probe }) => other === canonical && probe !== 'dns');
}

/** Refused TCP ends a browser's attempt at once; refused UDP does not. */
const isSilent = ({ outcome, transport }: Observation): boolean =>
  outcome === 'no-response' || (outcome === 'refused' && transport === 'udp');
