import type { Problem } from '../../model/finding.ts';
import { type Observation, observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress, type Transport } from '../../model/transport.ts';
import { parseIp } from '../../util/ip.ts';
import { listed } from '../../util/text.ts';
import { parseIceUrl } from '../ice-url.ts';
import { type ServerList, serverListsOf } from '../server-lists.ts';
import { hostOf } from '../uri-host.ts';

export default defineRule({
  id: 'ice/duplicate-server',
  meta: {
    title: 'The same TURN server is listed twice',
    effect: 'Browsers wait 40 s for the end of gathering, and may lose the relay',
    why: 'Both entries share one client socket, so that the second Allocate meets the allocation of the first: coturn answers 437 (Mismatched allocation), and the browser keeps trying for 40 s.',
    remedy: 'List each server once for each transport.',
    severity: 'error',
    references: ['RFC 8656 §7.2'],
  },
  either: ['endpoint', 'client'],
  uses: ['wire'],
  check: ({ endpoint, client, wire }) => {
    const lists = serverListsOf({ endpoint, client });
    if ('skip' in lists) return lists;
    return lists.flatMap(list => duplicatesIn(list, wire?.observations ?? []));
  },
});

function duplicatesIn({ uris: all, source }: ServerList, observations: readonly Observation[]): Problem[] {
  const entries = all.flatMap(uri => relayEntries(uri, observations));
  const keys = [...new Set(entries.map(({ key }) => key))];
  const shared = keys.flatMap(key => {
    const same = entries.filter(entry => entry.key === key);
    return same.length > 1 && same[0] ? [{ ...same[0], uris: same.map(({ uri }) => uri) }] : [];
  });
  // A name with two addresses gives one problem, not one for each.
  const perList = new Map(shared.map(entry => [entry.uris.join(' '), entry]));
  return [...perList.values()].map(({ uris, where, transport }) => ({
    message: `${listed(uris)} are one and the same server, ${where}/${transport}`,
    evidence: `${source}: ${uris.join(', ')}`,
    remedy: `Keep ${uris[0]} only.`,
    // Over TCP and TLS each has a connection of its own: a second allocation, but no clash.
    ...(transport === 'udp' ? {} : { severity: 'warning' as const }),
  }));
}

interface RelayEntry {
  readonly uri: string;
  readonly transport: Transport;
  readonly where: string;
  readonly key: string;
}

/** One entry for each address of a turn: or turns: URL; under its name where the name was not resolved. */
function relayEntries(uri: string, observations: readonly Observation[]): RelayEntry[] {
  const url = parseIceUrl(uri);
  if (!('host' in url) || !/^turns?$/.test(url.scheme)) return [];
  const { port, transport } = url;
  const host = url.host.toLowerCase();
  const ips = parseIp(host) ? [host] : addressesOf(host, observations);
  const places = ips.length > 0 ? ips : [host];
  return places.map(ip => {
    const where = formatAddress({ ip, port });
    return { uri, transport, where, key: `${where}/${transport}` };
  });
}

const addressesOf = (host: string, observations: readonly Observation[]): string[] => [
  ...new Set(
    observed(observations, 'dns').flatMap(lookup =>
      lookup.outcome === 'resolved' && hostOf(lookup.uri) === host ? lookup.ips : [],
    ),
  ),
];
