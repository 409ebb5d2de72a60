import { type Settings, settingsOf } from '../../config/settings.ts';
import type { ConfigEntry, InterfaceAddress } from '../../model/facts.ts';
import { PROBED_PEERS } from '../../model/probed-peers.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIp, parsePrefix } from '../../util/ip.ts';
import { parseIpRange, rangeOfPrefix, rangesContain } from '../../util/ip-range.ts';
import { plural } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';

/** `A peer IP 192.168.5.20 denied in the range: 192.168.0.0-192.168.255.255`, with a level and a session around it. */
const DENIED = /peer IP (\S+) denied in the range/i;

/** Enough to see what is going on. */
const MOST_PEERS = 5;

export default defineRule({
  id: 'peers/needed-peer-denied',
  meta: {
    title: 'A denied range covers a peer that clients asked for',
    effect: 'Calls to a media server in a denied range fail',
    why: 'CreatePermission for the peer gets 403 (Forbidden IP). A media server or a conference bridge on the local network is such a peer. So are the host candidates of the other side, all different, which are tried and not needed: many different addresses are a healthy server at work.',
    remedy:
      'If the peer belongs to you and calls need it, add allowed-peer-ip=ADDRESS, which beats the denied range, and restart coturn.',
    severity: 'error',
    explainedBy: ['peers/own-address-denied'],
    references: ['RFC 8656 §9.2'],
  },
  needs: ['logLines'],
  uses: ['config', 'version', 'addresses'],
  check: ({ logLines, config, version, addresses = [] }) => {
    const peers = deniedPeers(logLines.lines, notPeersOfCalls(addresses));
    const settings = config && version ? settingsOf(config, version.version) : null;
    const isOnly = peers.size === 1;
    return [...peers].slice(0, MOST_PEERS).map(([peer, { count, line }]) => {
      const entry = settings === null ? undefined : denyingLine(settings, peer);
      return {
        message: `Clients were refused the peer ${peer} (${plural(count, 'time')})${entry ? `: ${entry.value} is denied` : ''}`,
        ...(entry ? atEntry(entry) : {}),
        evidence: `${logLines.source}: ${line.trim()}`,
        remedy: `If ${peer} belongs to you and calls need it, add allowed-peer-ip=${peer} and restart coturn.`,
        ...(isOnly || isAttached(peer, addresses) ? {} : { severity: 'info' as const }),
      };
    });
  },
});

/** What turnctl itself asks about, in this run or an earlier one, and the server, whose own address is another rule's business. */
const notPeersOfCalls = (addresses: readonly InterfaceAddress[]): ReadonlySet<string> =>
  new Set([
    ...addresses.map(({ ip }) => ip),
    ...[...PROBED_PEERS.ipv4, ...PROBED_PEERS.ipv6].map(([, ip]) => ip),
  ]);

function deniedPeers(
  lines: readonly string[],
  others: ReadonlySet<string>,
): Map<string, { readonly count: number; readonly line: string }> {
  const peers = new Map<string, { count: number; line: string }>();
  for (const line of lines) {
    const peer = DENIED.exec(line)?.[1];
    if (peer !== undefined && !others.has(peer)) {
      peers.set(peer, { count: (peers.get(peer)?.count ?? 0) + 1, line });
    }
  }
  return peers;
}

function denyingLine(settings: Settings, peer: string): ConfigEntry | undefined {
  const ip = parseIp(peer);
  return settings.entries('denied-peer-ip').find(({ value }) => {
    const range = parseIpRange(value ?? '');
    return ip !== null && range !== null && rangesContain([range], ip);
  });
}

/** On a network the server stands in, and so within its reach: a machine of the operator's own. */
const isAttached = (peer: string, addresses: readonly InterfaceAddress[]): boolean =>
  addresses.some(({ ip, prefixLength }) => {
    const [address, network] = [parseIp(peer), parsePrefix(`${ip}/${prefixLength}`)];
    return address !== null && network !== null && rangesContain([rangeOfPrefix(network)], address);
  });
