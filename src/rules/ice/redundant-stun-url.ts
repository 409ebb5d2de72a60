import type { Problem } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIceUrl } from '../ice-url.ts';
import { type ServerList, serverListsOf } from '../server-lists.ts';

export default defineRule({
  id: 'ice/redundant-stun-url',
  meta: {
    title: 'A stun: URL for a host that is already listed as turn:',
    why: 'Browsers send Binding requests to every turn: server anyway. The extra URL gives no candidate, costs packets, and is one more server that can hold gathering open.',
    remedy: 'Remove the stun: URL.',
    severity: 'warning',
    references: ['RFC 8445 §5.1.1.2'],
  },
  either: ['endpoint', 'client'],
  check: ({ endpoint, client }) => {
    const lists = serverListsOf({ endpoint, client });
    return 'skip' in lists ? lists : lists.flatMap(repetitionsIn);
  },
});

function repetitionsIn({ uris, source }: ServerList): Problem[] {
  const parsed = uris.flatMap(uri => {
    const url = parseIceUrl(uri);
    return 'host' in url ? [{ uri, ...url, host: url.host.toLowerCase() }] : [];
  });
  return parsed
    .filter(({ scheme }) => scheme === 'stun')
    .flatMap(({ uri, host, port }) => {
      const turn = parsed.find(
        other =>
          other.scheme === 'turn' && other.transport === 'udp' && other.host === host && other.port === port,
      );
      if (!turn) return [];
      return [
        {
          message: `${uri} repeats what ${turn.uri} does already`,
          evidence: `${source}: ${uri}, ${turn.uri}`,
        },
      ];
    });
}
