import { familyOf, type TransportAddress } from '../model/transport.ts';
import { Exchange } from '../net/exchange.ts';
import type { Channel, PeerSocket } from '../net/net.ts';
import { allocate, type Granted, readGranted, refresh } from '../turn/requests.ts';
import { ask, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';
import { BINDING, mappedAddressOf } from './stun-binding.ts';

/** A socket of ours that plays the peer. */
export interface Peer {
  readonly socket: PeerSocket;
  /** As the relay sees it. Permissions are by its address; a NAT may still show another port to the relayed address. */
  readonly address: TransportAddress;
}

/** Opens a peer socket of the relayed address's family and finds out how the relay sees it. */
export async function openPeer(
  to: Destination,
  context: ProbeContext,
  client: Exchange,
  { relayedAddresses: [relayed], mappedAddress }: Granted,
): Promise<Peer | { readonly error: string }> {
  const own = client.channel.localAddress;
  const sameFamily = familyOf(own.ip) === familyOf(relayed.ip);
  const localIp = sameFamily ? own.ip : await localIpTowards(relayed, context);
  if (localIp === undefined) return { error: `this host has no route to ${relayed.ip} to act as a peer` };
  const socket = await context.net.openPeer(localIp);
  if ('error' in socket) return socket;
  const relayIsHere = context.net.localIps(familyOf(relayed.ip)).includes(relayed.ip);
  if (relayIsHere || (sameFamily && mappedAddress.ip === own.ip))
    return { socket, address: socket.localAddress };
  const listener = {
    ip: familyOf(to.server.ip) === familyOf(relayed.ip) ? to.server.ip : relayed.ip,
    port: to.server.port,
  };
  const learnt = await learnMapped(socket, listener, to, context);
  // Most NATs show one address for all sockets of a host (RFC 4787 REQ-2).
  const guess = sameFamily ? { ip: mappedAddress.ip, port: socket.localAddress.port } : socket.localAddress;
  return { socket, address: learnt ?? guess };
}

async function localIpTowards(
  server: TransportAddress,
  { net, signal }: ProbeContext,
): Promise<string | undefined> {
  const opening = await net.open({ transport: 'udp', server, name: server.ip, timeoutMs: 1000, signal });
  if ('failure' in opening) return undefined;
  opening.channel.close();
  return opening.channel.localAddress.ip;
}

/** Three sends: whoever allocated a moment ago answers within this time, or not at all. */
const LEARN_MS = 1000;

/** Asks the server by Binding; where it is silent (`no-stun`), by an allocation that is given back at once. */
async function learnMapped(
  socket: PeerSocket,
  server: TransportAddress,
  to: Destination,
  context: ProbeContext,
): Promise<TransportAddress | undefined> {
  const there: Destination = { uri: { ...to.uri, transport: 'udp' }, server };
  const { clock, credential } = context;
  const brief = () => ({
    ...context,
    deadlineMs: Math.min(context.deadlineMs, clock.monotonic() + LEARN_MS),
  });
  const exchange = new Exchange(towards(socket, server), clock, { credential, patienceMs: LEARN_MS });
  const binding = await ask(BINDING, there, exchange, brief());
  if ('response' in binding.end && binding.end.kind === 'succeeded') return mappedAddressOf(binding.end);
  const { end } = await ask(allocate(), there, exchange, brief());
  if (!('response' in end) || end.kind !== 'succeeded') return undefined;
  const granted = readGranted(end.response);
  await ask(refresh(0), there, exchange, brief());
  return 'malformed' in granted ? undefined : granted.mappedAddress;
}

/** The peer socket as a channel to one server. */
function towards(socket: PeerSocket, server: TransportAddress): Channel {
  return {
    transport: 'udp',
    localAddress: socket.localAddress,
    remoteAddress: server,
    send: bytes => socket.send(bytes, server),
    receive: receiver =>
      socket.receive((bytes, from) => {
        if (from.ip === server.ip && from.port === server.port) receiver.bytes(bytes);
      }),
    close: () => socket.close(),
  };
}

/** Another address of this host, from which a packet reaches the relay without a permission; or why there is none. */
export function strangerIp(
  peer: Peer,
  { net }: Pick<ProbeContext, 'net'>,
): string | { readonly error: string } {
  const { ip } = peer.socket.localAddress;
  if (peer.address.ip !== ip) {
    return { error: 'permissions are by address, and behind a NAT all of ours look like one' };
  }
  if (ip === '127.0.0.1') return '127.0.0.2';
  const isLoopback = (candidate: string) => candidate.startsWith('127.') || candidate === '::1';
  const other = net.localIps(familyOf(ip)).find(candidate => candidate !== ip && !isLoopback(candidate));
  return other ?? { error: 'permissions are by address, and this host has no second one to send from' };
}
