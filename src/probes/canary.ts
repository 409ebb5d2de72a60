import { randomBytes } from 'node:crypto';
import type { ReachedPeer } from '../model/observations/peer-reach.ts';
import { familyOf } from '../model/transport.ts';
import type { Exchange } from '../net/exchange.ts';
import { equalBytes } from '../stun/bytes.ts';
import { embeddedIpv4, formatIp, parseIp } from '../util/ip.ts';
import type { ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';

/** A datagram on this machine takes no longer. */
const WAIT_MS = 300;
const SENDS = 3;

/**
 * Sends a datagram through the relay to each peer that was agreed to and is an address of this machine, where a socket of
 * ours listens. Loopback addresses are the relay's own: they are tried only when the relay runs here.
 */
export async function knockAtCanary(
  peers: readonly ReachedPeer[],
  to: Destination,
  context: ProbeContext,
  exchange: Exchange,
): Promise<readonly ReachedPeer[]> {
  const { net } = context;
  const local = new Set([...net.localIps('ipv4'), ...net.localIps('ipv6')]);
  const relayIsHere = local.has(to.server.ip);
  return Promise.all(
    peers.map(async peer => {
      const at = localIpFor(peer, local, relayIsHere);
      if (peer.createPermission !== 'allowed' || at === undefined) return peer;
      return { ...peer, arrived: await knock(peer.ip, at, context, exchange) };
    }),
  );
}

/** The address of this machine that a datagram to the peer would arrive at. */
function localIpFor(
  { ip, kind }: ReachedPeer,
  local: ReadonlySet<string>,
  relayIsHere: boolean,
): string | undefined {
  if (kind !== 'loopback') return local.has(ip) ? ip : undefined;
  if (!relayIsHere) return undefined;
  if (ip === '0.0.0.0') return '127.0.0.1';
  if (ip === '::') return '::1';
  const parsed = parseIp(ip);
  const inside = parsed && embeddedIpv4(parsed);
  return inside ? formatIp(inside.ip) : ip;
}

async function knock(
  ip: string,
  at: string,
  { net, clock, signal }: ProbeContext,
  exchange: Exchange,
): Promise<boolean> {
  const socket = await net.openPeer(at);
  if ('error' in socket) return false;
  const token = randomBytes(16);
  try {
    return await new Promise<boolean>(resolve => {
      socket.receive(bytes => {
        if (equalBytes(bytes, token)) resolve(true);
      });
      const { port } = socket.localAddress;
      const peer = { ip: familyOf(ip) === 'ipv6' || ip === at ? ip : at, port };
      for (let i = 0; i < SENDS; i++) clock.schedule(i * 50, () => exchange.sendTo({ ...peer, ip }, token));
      clock.schedule(WAIT_MS, () => resolve(false));
      signal.addEventListener('abort', () => resolve(false), { once: true });
    });
  } finally {
    socket.close();
  }
}
