import { randomBytes } from 'node:crypto';
import type { DataPathObservation, Leg } from '../model/observations/turn-data-path.ts';
import type { Failure, StagesMs } from '../model/outcome.ts';
import { formatAddress, type TransportAddress } from '../model/transport.ts';
import type { Exchange, PeerData, Result } from '../net/exchange.ts';
import { equalBytes } from '../stun/bytes.ts';
import { channelRange } from '../turn/channel-data.ts';
import { channelBind, createPermission, type Granted } from '../turn/requests.ts';
import { ask, baseOf, type ProbeContext } from './conversation.ts';
import { deliver, legOf, listen, skip } from './delivery.ts';
import { openPeer, type Peer, strangerIp } from './peer.ts';
import type { Destination } from './plan.ts';

type Complete = Extract<DataPathObservation, { outcome: 'complete' }>;

/** The legs up to the deletion, which comes when everything else with the allocation is done. */
export type Legs = Omit<Complete, 'probe' | 'uri' | 'transport' | 'server' | 'stagesMs' | 'deleted'>;

/** What must not arrive is waited for three times as long as what did, at least this long. */
const LEAST_WAIT_MS = 30;

/**
 * Proves the relay's data path without a second host (RFC 8656 §9-12): a socket of ours is the peer. Inbound comes first,
 * because the Data indication shows how the relay sees the peer's socket; the way back then works through any NAT.
 */
export async function walkDataPath(
  to: Destination,
  context: ProbeContext,
  exchange: Exchange,
  granted: Granted,
): Promise<Legs | Failure> {
  const peer = await openPeer(to, context, exchange, granted);
  if ('error' in peer) return { outcome: 'skipped', reason: peer.error };
  try {
    return await new Walk(to, context, exchange, granted.relayedAddresses[0], peer).legs();
  } finally {
    peer.socket.close();
  }
}

class Walk {
  readonly #to: Destination;
  readonly #context: ProbeContext;
  readonly #exchange: Exchange;
  readonly #relayed: TransportAddress;
  readonly #peer: Peer;
  readonly #fromRelay: ((data: PeerData) => void)[] = [];
  readonly #atPeer: ((bytes: Uint8Array, from: TransportAddress) => void)[] = [];

  constructor(
    to: Destination,
    context: ProbeContext,
    exchange: Exchange,
    relayed: TransportAddress,
    peer: Peer,
  ) {
    this.#to = to;
    this.#context = context;
    this.#exchange = exchange;
    this.#relayed = relayed;
    this.#peer = peer;
    exchange.onData = data => {
      for (const listener of this.#fromRelay) listener(data);
    };
    peer.socket.receive((bytes, from) => {
      for (const listener of this.#atPeer) listener(bytes, from);
    });
  }

  async legs(): Promise<Legs> {
    const base = {
      outcome: 'complete',
      relayedAddress: this.#relayed,
      peerAddress: this.#peer.address,
    } as const;
    const permission = await this.#ask(createPermission([this.#peer.address]));
    if (permission.outcome !== 'passed') return { ...base, permission, ...withoutPermission() };
    const inbound = await this.#inbound('indication');
    const unpermitted = this.#unpermitted(inbound.leg);
    const seen = inbound.peer ?? this.#peer.address;
    const outbound = await this.#outbound(data => this.#exchange.sendTo(seen, data));
    const bound = await this.#ask(channelBind(channelRange.first, seen));
    const viaChannel = await this.#channelLegs(bound, inbound.leg, outbound);
    return {
      ...base,
      peerAddress: seen,
      permission,
      inbound: inbound.leg,
      outbound,
      channelBind: bound,
      ...viaChannel,
      unpermitted: await unpermitted,
    };
  }

  async #channelLegs(
    bound: Leg,
    inbound: Leg,
    outbound: Leg,
  ): Promise<Pick<Legs, 'channelInbound' | 'channelOutbound'>> {
    const walk = async (indication: Leg, leg: () => Promise<Leg>): Promise<Leg> => {
      if (bound.outcome !== 'passed') return skip('no channel was bound');
      // Waiting again for what is lost on the same path would only take time.
      return indication.outcome === 'lost' ? skip('the indication on the same way was lost') : leg();
    };
    return {
      channelInbound: await walk(inbound, async () => (await this.#inbound('channel')).leg),
      channelOutbound: await walk(outbound, () =>
        this.#outbound(data => this.#exchange.sendOnChannel(channelRange.first, data)),
      ),
    };
  }

  async #ask(asked: ReturnType<typeof createPermission>): Promise<Leg> {
    return legOf(await ask(asked, this.#to, this.#exchange, this.#context));
  }

  /** Peer to relayed address. `channel` counts only what arrives as ChannelData. */
  async #inbound(as: 'indication' | 'channel'): Promise<{ leg: Leg; peer?: TransportAddress }> {
    const payload = randomBytes(32);
    let peer: TransportAddress | undefined;
    const leg = await deliver(
      this.#to,
      this.#context,
      () => this.#peer.socket.send(payload, this.#relayed),
      arrived =>
        listen(this.#fromRelay, data => {
          if (!equalBytes(data.data, payload) || (data.channel !== undefined) !== (as === 'channel')) return;
          peer = data.peer;
          arrived();
        }),
    );
    return peer ? { leg, peer } : { leg };
  }

  /** Client to peer, which must see it come from the relayed address. */
  async #outbound(send: (data: Uint8Array) => void): Promise<Leg> {
    const payload = randomBytes(32);
    let from: TransportAddress | undefined;
    const leg = await deliver(
      this.#to,
      this.#context,
      () => send(payload),
      arrived =>
        listen(this.#atPeer, (bytes, source) => {
          if (!equalBytes(bytes, payload)) return;
          from = source;
          arrived();
        }),
    );
    if (!from || leg.outcome !== 'passed' || formatAddress(from) === formatAddress(this.#relayed)) return leg;
    return { outcome: 'wrong-source', from, ms: leg.ms };
  }

  /** A packet from an address without a permission, on its way while the other legs are walked. */
  async #unpermitted(inbound: Leg): Promise<Leg> {
    if (inbound.outcome !== 'passed') return skip('not even a permitted peer gets through');
    const ip = strangerIp(this.#peer, this.#context);
    const stranger = typeof ip === 'string' ? await this.#context.net.openPeer(ip) : ip;
    if ('error' in stranger) return skip(stranger.error);
    const payload = randomBytes(32);
    const leg = await deliver(
      this.#to,
      this.#context,
      () => stranger.send(payload, this.#relayed),
      arrived =>
        listen(this.#fromRelay, ({ data }) => {
          if (equalBytes(data, payload)) arrived();
        }),
      { resendAtMs: [0], lostAfterMs: Math.max(LEAST_WAIT_MS, 3 * inbound.ms) },
    );
    stranger.close();
    return leg;
  }
}

function withoutPermission(): Omit<Legs, 'outcome' | 'relayedAddress' | 'peerAddress' | 'permission'> {
  const none = skip('the relay gave no permission for the peer');
  return {
    inbound: none,
    outbound: none,
    channelBind: none,
    channelInbound: none,
    channelOutbound: none,
    unpermitted: none,
  };
}

const msOf = (leg: Leg): number | undefined => ('ms' in leg ? leg.ms : undefined);

/** Assembles the observation once the allocation was given back. */
export function dataPathObservation(
  to: Destination,
  legs: Legs | Failure,
  deletion: Result | undefined,
): DataPathObservation {
  const base = { probe: 'turn-data-path' as const, ...baseOf(to) };
  if (legs.outcome !== 'complete') return { ...base, stagesMs: {}, ...legs };
  const deleted = deletion ? legOf(deletion) : skip('nothing to delete');
  const stages = {
    permission: msOf(legs.permission),
    dataIn: msOf(legs.inbound),
    dataOut: msOf(legs.outbound),
    channel: msOf(legs.channelBind),
    delete: msOf(deleted),
  };
  const stagesMs: StagesMs = Object.fromEntries(Object.entries(stages).filter(([, ms]) => ms !== undefined));
  return { ...base, stagesMs, ...legs, deleted };
}
