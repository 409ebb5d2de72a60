import type { Problem } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIceUrl } from '../ice-url.ts';
import { type ServerList, serverListsOf } from '../server-lists.ts';

export default defineRule({
  id: 'ice/malformed-url',
  meta: {
    title: 'A URL of the list is one that browsers refuse',
    effect: 'Calls fail before the first packet',
    why: 'new RTCPeerConnection() throws a SyntaxError over one bad URL, and all other servers of the list are lost with it.',
    remedy: 'Write stun:HOST[:PORT] without a query, and turn: or turns:HOST[:PORT][?transport=udp|tcp].',
    severity: 'error',
    references: ['RFC 7064 §3.1', 'RFC 7065 §3.1', 'WebRTC §4.2.4'],
  },
  either: ['endpoint', 'client'],
  check: ({ endpoint, client }) => {
    const lists = serverListsOf({ endpoint, client });
    return 'skip' in lists ? lists : lists.flatMap(faultsIn);
  },
});

const faultsIn = ({ uris, source }: ServerList): Problem[] =>
  uris.flatMap(uri => {
    const parsed = parseIceUrl(uri);
    const at = { evidence: `${source}: ${uri}` };
    if ('problem' in parsed) {
      const remedy = parsed.corrected ? { remedy: `Write ${parsed.corrected}.` } : {};
      return [{ ...at, message: `${uri} is no URL a browser takes: ${parsed.problem}`, ...remedy }];
    }
    if (parsed.scheme !== 'turns' || !/\?transport=udp$/i.test(uri)) return [];
    return [
      {
        ...at,
        message: `${uri} asks for TURN over DTLS, which no browser speaks`,
        remedy: `Write ${uri.replace(/udp$/i, 'tcp')}.`,
        severity: 'warning' as const,
      },
    ];
  });
