import { randomBytes } from 'node:crypto';
import type { Leg } from '../../model/observations/turn-data-path.ts';
import type { TcpStream } from '../../model/observations/turn-trial.ts';
import type { Failure } from '../../model/outcome.ts';
import type { Exchange } from '../../net/exchange.ts';
import type { Channel } from '../../net/net.ts';
import { attribute } from '../../stun/attributes.ts';
import { equalBytes } from '../../stun/bytes.ts';
import { connect, connectionBind, createPermission } from '../../turn/requests.ts';
import { ask, openExchange, type ProbeContext, remainingMs } from '../conversation.ts';
import { deliver, legOf, skip } from '../delivery.ts';
import type { Destination } from '../plan.ts';
import { complete, type Held, skipped, type Trial, tryAllocation } from './trial.ts';

/** Of each direction: more than one segment, so that a stream is proved and not a packet. */
const SIZE_BYTES = 16_000;

const TCP = { requestedTransport: 'tcp' } as const;

/** How the stream of the peer's side came to be, and what must be closed in the end. */
interface PeerSide {
  readonly open: Leg;
  readonly connectionId?: number;
  /** Resolves once the peer's side is connected. */
  readonly channel: Promise<Channel>;
}

/** Connect to a listener of ours, ConnectionBind, and a stream both ways (RFC 6062 §4.3). */
export const tcpConnect: Trial<'tcp-connect'> = (to, context) =>
  tryAllocation<TcpStream>(to, context, TCP, async ({ exchange, granted }) => {
    const { ip } = exchange.channel.localAddress;
    if (granted.mappedAddress.ip !== ip) return skipped('behind a NAT no peer of ours can be connected to');
    const listener = await context.net.listen(ip);
    if ('error' in listener) return skipped(listener.error);
    try {
      const channel = new Promise<Channel>(resolve => listener.accept(resolve));
      const peer = listener.localAddress;
      const permission = legOf(await ask(createPermission([peer]), to, exchange, context));
      if (permission.outcome !== 'passed') return complete(without(permission));
      const connected = await ask(connect(peer), to, exchange, context);
      const { end } = connected;
      const connectionId = 'response' in end ? attribute(end.response, 'CONNECTION-ID') : undefined;
      const side = { open: legOf(connected), channel, ...(connectionId !== undefined && { connectionId }) };
      return complete(await bindAndStream(to, context, exchange, side));
    } finally {
      listener.close();
    }
  });

/** A peer of ours connects to the relayed address: ConnectionAttempt, ConnectionBind, and a stream both ways (RFC 6062 §4.4). */
export const tcpPassive: Trial<'tcp-passive'> = (to, context) =>
  tryAllocation<TcpStream>(to, context, TCP, async ({ exchange, granted }) => {
    const permission = legOf(await ask(createPermission([granted.mappedAddress]), to, exchange, context));
    if (permission.outcome !== 'passed') return complete(without(permission));
    const side = await peerConnects(to, context, { exchange, granted });
    if ('outcome' in side) return side;
    try {
      return complete(await bindAndStream(to, context, exchange, side));
    } finally {
      (await side.channel).close();
    }
  });

async function peerConnects(
  to: Destination,
  context: ProbeContext,
  { exchange, granted }: Held,
): Promise<PeerSide | Failure> {
  const [server] = granted.relayedAddresses;
  let connectionId: number | undefined;
  const attempted = deliver(
    to,
    context,
    () => {},
    arrived => {
      exchange.onConnectionAttempt = attempt => {
        connectionId = attempt.connectionId;
        arrived();
      };
      return () => {};
    },
  );
  const { signal } = context;
  const options = {
    transport: 'tcp',
    server,
    name: server.ip,
    timeoutMs: remainingMs(context),
    signal,
  } as const;
  const opening = await context.net.open(options);
  if ('failure' in opening)
    return skipped(`a peer cannot connect to the relayed address: ${opening.failure.outcome}`);
  const open = await attempted;
  return {
    open,
    channel: Promise.resolve(opening.channel),
    ...(connectionId !== undefined && { connectionId }),
  };
}

const without = (open: Leg): TcpStream => {
  const none = skip('there is no connection');
  return { open, bind: none, outbound: none, inbound: none };
};

async function bindAndStream(
  to: Destination,
  context: ProbeContext,
  control: Exchange,
  { open, connectionId, channel }: PeerSide,
): Promise<TcpStream> {
  if (connectionId === undefined) return without(open);
  const opened = await openExchange(to, context, { control });
  if ('failure' in opened) return without(open);
  const { exchange } = opened;
  try {
    const bind = legOf(await ask(connectionBind(connectionId), to, exchange, context));
    if (bind.outcome !== 'passed') return { ...without(open), bind };
    const peer = await channel;
    const [outbound, inbound] = await Promise.all([
      stream(to, context, exchange.channel, receive => peer.receive({ bytes: receive, failed: () => {} })),
      stream(to, context, peer, receive => {
        exchange.onStream = receive;
      }),
    ]);
    return { open, bind, outbound, inbound };
  } finally {
    exchange.close();
  }
}

/** Bytes from one end must come out of the other, in order. */
function stream(
  to: Destination,
  context: ProbeContext,
  from: Channel,
  receiveBy: (receive: (bytes: Uint8Array) => void) => void,
): Promise<Leg> {
  const payload = randomBytes(SIZE_BYTES);
  const received: Uint8Array[] = [];
  let once = false;
  return deliver(
    to,
    context,
    () => {
      if (!once) from.send(payload);
      once = true;
    },
    arrived => {
      receiveBy(bytes => {
        received.push(bytes);
        if (equalBytes(Buffer.concat(received), payload)) arrived();
      });
      return () => {};
    },
  );
}
