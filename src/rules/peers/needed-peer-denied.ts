import { type Settings, settingsOf } from '../../config/settings.ts';
import type { ConfigEntry, InterfaceAddress, WireFact } from '../../model/facts.ts';
import { PROBED_PEERS } from '../../model/probed-peers.ts';
import { REACH_PEERS } from '../../model/reach-peers.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIp, parsePrefix } from '../../util/ip.ts';
import { parseIpRange, rangeOfPrefix, rangesContain } from '../../util/ip-range.ts';
import { plural } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';

/** `A peer IP 192.168.5.20 denied in the range: 192.168.0.0-192.168.255.255`, with a level and a session around it. */
const DENIED = /peer IP (\S+) denied in the range/i;
/** What verbose coturn writes after it: whose request that was. */
const REFUSED =
  /user <([^>]*)>: incoming packet (?:CREATE_PERMISSION|CHANNEL_BIND|CONNECT) processed, error 403/;
/** coturn 4.18.0 names it in both lines, 4.6.1 in the second alone. */
const SESSION = /session (\d+)/;
/** A user name that turnctl made from the secret, for its probes. */
const OWN_USER = /^\d+:turnctl-\d+$/;

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
  uses: ['config', 'version', 'addresses', 'wire'],
  check: ({ logLines, config, version, addresses = [], wire }) => {
    const peers = deniedPeers(logLines.lines, notPeersOfCalls(addresses, wire));
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

/**
 * What turnctl itself asks about, and the server, whose own address is another rule's business. What was asked in this run
 * is taken from what was seen: in a bundle, other addresses stand in the place of those listed.
 */
const notPeersOfCalls = (
  addresses: readonly InterfaceAddress[],
  wire: WireFact | undefined,
): ReadonlySet<string> =>
  new Set([
    ...addresses.map(({ ip }) => ip),
    ...[PROBED_PEERS, REACH_PEERS].flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6]).map(([, ip]) => ip),
    ...(wire?.observations ?? []).flatMap(o =>
      'peers' in o ? o.peers.map(({ ip }) => ip) : 'peerAddress' in o ? [o.peerAddress.ip] : [],
    ),
  ]);

interface Refusal {
  readonly peer: string;
  readonly line: string;
  readonly session: string | undefined;
}

/** Refusals of others than turnctl. Its own are known by the user, where the log is verbose. */
function refusals(lines: readonly string[]): ReadonlySet<Refusal> {
  const found = new Set<Refusal>();
  const waiting: Refusal[] = [];
  for (const line of lines) {
    const peer = DENIED.exec(line)?.[1];
    const session = SESSION.exec(line)?.[1];
    if (peer !== undefined) {
      const refusal = { peer, line, session };
      found.add(refusal);
      waiting.push(refusal);
    }
    const user = REFUSED.exec(line)?.[1];
    if (user === undefined) continue;
    const place = waiting.findIndex(one => one.session === undefined || one.session === session);
    const [answered] = place < 0 ? [] : waiting.splice(place, 1);
    if (answered !== undefined && OWN_USER.test(user)) found.delete(answered);
  }
  return found;
}

function deniedPeers(
  lines: readonly string[],
  others: ReadonlySet<string>,
): Map<string, { readonly count: number; readonly line: string }> {
  const peers = new Map<string, { count: number; line: string }>();
  for (const { peer, line } of refusals(lines)) {
    if (!others.has(peer)) peers.set(peer, { count: (peers.get(peer)?.count ?? 0) + 1, line });
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
