import type { PeerAnswer, PeerReachObservation, ReachedPeer } from '../model/observations/peer-reach.ts';
import { REACH_PEERS } from '../model/reach-peers.ts';
import { type Family, familyOf, type TransportAddress } from '../model/transport.ts';
import type { Exchange, Result } from '../net/exchange.ts';
import { channelBind, connect, createPermission, type TurnRequest } from '../turn/requests.ts';
import { knockAtCanary } from './canary.ts';
import { ask, baseOf, type Probe, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';
import { type Attempt, attemptAllocation } from './turn-allocate.ts';

/** RFC 863: nobody listens there, should a permission ever be used. */
const DISCARD = 9;
/** Requests under way at a time: a burst is what a small socket buffer loses. */
const AT_ONCE = 12;
const FIRST_CHANNEL = 0x4000;

type Asked = readonly [kind: string, ip: string];
type NotAsked = Extract<PeerReachObservation, { outcome: 'complete' }>['notAsked'][number];

/**
 * Asks the relay for every kind of peer by CreatePermission, ChannelBind and Connect (RFC 8656 §10, §12, RFC 6062 §4.3), with
 * an allocation of each family. Permissions only: no payload is sent, unless `active` and to sockets of our own.
 */
export const probePeerReach: Probe<PeerReachObservation> = async (to, context) => {
  const base = { probe: 'peer-reach' as const, ...baseOf(to), stagesMs: {} };
  const asked = await Promise.all((['ipv4', 'ipv6'] as const).map(family => askFamily(family, to, context)));
  const allowed = asked.filter(({ peers }) => peers.length > 0);
  if (allowed.length === 0) {
    const reason = asked.map(({ notAsked }) => notAsked[0]?.reason ?? 'no allocation')[0] ?? 'no allocation';
    return { ...base, outcome: 'skipped', reason };
  }
  const { peers, reason } = await askConnect(
    asked.flatMap(({ peers }) => peers),
    to,
    context,
  );
  const notAsked = asked.flatMap(one => one.notAsked);
  return {
    ...base,
    outcome: 'complete',
    peers,
    notAsked: reason === undefined ? notAsked : [...notAsked, { what: 'connect', reason }],
  };
};

async function askFamily(
  family: Family,
  to: Destination,
  context: ProbeContext,
): Promise<{ readonly peers: readonly ReachedPeer[]; readonly notAsked: readonly NotAsked[] }> {
  const attempt = await attemptAllocation(to, context, { family });
  try {
    const { held } = attempt;
    if (!held) return { peers: [], notAsked: [{ what: family, reason: whyNone(attempt) }] };
    const relayed = held.granted.relayedAddresses[0];
    const listed = REACH_PEERS[familyOf(relayed.ip)];
    const own = new Set([to.server.ip, relayed.ip].filter(ip => familyOf(ip) === familyOf(relayed.ip)));
    const wanted: Asked[] = [
      ...[...own].filter(ip => !listed.some(([, other]) => other === ip)).map((ip): Asked => ['own', ip]),
      ...listed,
    ];
    const peers = await inBatches(wanted, (one, index) => askPeer(one, index, to, context, held.exchange));
    if (context.settings.peers?.active !== true) return { peers, notAsked: [] };
    return { peers: await knockAtCanary(peers, to, context, held.exchange), notAsked: [] };
  } finally {
    await attempt.release();
  }
}

async function askPeer(
  [kind, ip]: Asked,
  index: number,
  to: Destination,
  context: ProbeContext,
  exchange: Exchange,
): Promise<ReachedPeer> {
  const peer: TransportAddress = { ip, port: DISCARD };
  const answerTo = async (request: TurnRequest) => answerOf(await ask(request, to, exchange, context));
  return {
    ip,
    kind,
    createPermission: await answerTo(createPermission([peer])),
    channelBind: await answerTo(channelBind(FIRST_CHANNEL + index, peer)),
  };
}

/** Needs a connection and an allocation of its own. */
async function askConnect(
  peers: readonly ReachedPeer[],
  to: Destination,
  context: ProbeContext,
): Promise<{ readonly peers: readonly ReachedPeer[]; readonly reason?: string }> {
  const refused = peers.filter(({ createPermission: answer }) => typeof answer === 'number');
  if (refused.length === 0) return { peers };
  const overTcp: Destination =
    to.uri.transport === 'udp' ? { ...to, uri: { ...to.uri, transport: 'tcp' } } : to;
  const attempt = await attemptAllocation(overTcp, context, { requestedTransport: 'tcp' });
  try {
    const { held } = attempt;
    if (!held) return { peers, reason: whyNone(attempt) };
    const family = familyOf(held.granted.relayedAddresses[0].ip);
    const asked = await inBatches(peers, async peer => {
      if (!refused.includes(peer) || familyOf(peer.ip) !== family) return peer;
      const result = await ask(connect({ ip: peer.ip, port: DISCARD }), overTcp, held.exchange, context);
      return { ...peer, connect: answerOf(result) };
    });
    return { peers: asked };
  } finally {
    await attempt.release();
  }
}

function answerOf({ end }: Result): PeerAnswer {
  if ('outcome' in end) return null;
  return end.kind === 'succeeded' ? 'allowed' : end.error.code;
}

function whyNone({ observation }: Attempt): string {
  if (observation.outcome === 'challenged') return 'no credentials to allocate with';
  return observation.outcome === 'error-response'
    ? `Allocate was answered with ${observation.code}`
    : `no allocation: ${observation.outcome}`;
}

async function inBatches<T, R>(
  items: readonly T[],
  action: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const batch = items.slice(start, start + AT_ONCE);
    results.push(...(await Promise.all(batch.map((item, i) => action(item, start + i)))));
  }
  return results;
}
