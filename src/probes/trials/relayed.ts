import { randomBytes } from 'node:crypto';
import type { Leg } from '../../model/observations/turn-data-path.ts';
import type { TrialName, TrialResults } from '../../model/observations/turn-trial.ts';
import type { Failure } from '../../model/outcome.ts';
import type { TransportAddress } from '../../model/transport.ts';
import type { Exchange, PeerData } from '../../net/exchange.ts';
import type { PeerSocket } from '../../net/net.ts';
import { equalBytes } from '../../stun/bytes.ts';
import { createPermission, type Granted } from '../../turn/requests.ts';
import { ask, type ProbeContext } from '../conversation.ts';
import { deliver, legOf, listen } from '../delivery.ts';
import { openPeer } from '../peer.ts';
import type { Destination } from '../plan.ts';
import { type Outcome, skipped } from './trial.ts';

/** An allocation, and a socket of ours that it relays to and from. */
export interface Relayed {
  readonly to: Destination;
  readonly context: ProbeContext;
  readonly exchange: Exchange;
  readonly relayed: TransportAddress;
  readonly socket: PeerSocket;
  /** The socket as the relay sees it. */
  readonly seen: TransportAddress;
  readonly fromRelay: ((data: PeerData) => void)[];
  readonly atPeer: ((bytes: Uint8Array, from: TransportAddress) => void)[];
}

/** A trial that shares an allocation with others. */
export type SharedTrial<T extends TrialName> = (relay: Relayed) => Promise<Outcome<TrialResults[T]>>;

/**
 * Opens a peer with a permission and has it send once, which shows the relay's view of it and opens the way through its NAT;
 * closes it after `use`.
 */
export async function withPeer<R>(
  to: Destination,
  context: ProbeContext,
  { exchange, granted }: { readonly exchange: Exchange; readonly granted: Granted },
  use: (relay: Relayed) => Promise<R>,
): Promise<R | Failure> {
  const peer = await openPeer(to, context, exchange, granted);
  if ('error' in peer) return skipped(peer.error);
  const { socket, address } = peer;
  try {
    const permission = legOf(await ask(createPermission([address]), to, exchange, context));
    if (permission.outcome !== 'passed')
      return skipped(`no permission for a peer of ours: ${word(permission)}`);
    const fromRelay: Relayed['fromRelay'] = [];
    const atPeer: Relayed['atPeer'] = [];
    exchange.onData = data => {
      for (const listener of [...fromRelay]) listener(data);
    };
    socket.receive((bytes, from) => {
      for (const listener of [...atPeer]) listener(bytes, from);
    });
    const relay = { to, context, exchange, relayed: granted.relayedAddresses[0], socket, fromRelay, atPeer };
    const met = await inbound(relay, randomBytes(32));
    if (!met.peer) return skipped(`data of a peer does not reach us: ${word(met.leg)}`);
    return await use({ ...relay, seen: met.peer });
  } finally {
    socket.close();
  }
}

/** The outcome of a leg, or the code of its refusal. */
const word = (leg: Leg): string => (leg.outcome === 'refused' ? String(leg.code) : leg.outcome);

/** Peer to relayed address to client. */
export async function inbound(
  { to, context, socket, relayed, fromRelay }: Omit<Relayed, 'seen'>,
  payload: Uint8Array,
): Promise<{ readonly leg: Leg; readonly peer?: TransportAddress }> {
  let peer: TransportAddress | undefined;
  const leg = await deliver(
    to,
    context,
    () => socket.send(payload, relayed),
    arrived =>
      listen(fromRelay, data => {
        if (!equalBytes(data.data, payload)) return;
        peer = data.peer;
        arrived();
      }),
  );
  return peer ? { leg, peer } : { leg };
}

/** Client to peer, by `send`. */
export const outbound = (
  { to, context, atPeer }: Relayed,
  payload: Uint8Array,
  send: () => void,
): Promise<Leg> =>
  deliver(to, context, send, arrived =>
    listen(atPeer, bytes => {
      if (equalBytes(bytes, payload)) arrived();
    }),
  );
