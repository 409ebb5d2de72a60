import { randomBytes } from 'node:crypto';
import { passwordFor } from '../../src/credentials/issue.ts';
import { familyOf, type TransportAddress } from '../../src/model/transport.ts';
import { type Attribute, attribute, attributes, unknownRequired } from '../../src/stun/attributes.ts';
import { longTermKey, verifyIntegrity } from '../../src/stun/integrity.ts';
import { encode, type MethodName, type StunMessage } from '../../src/stun/message.ts';
import { type ChannelData, channelRange, encodeChannelData } from '../../src/turn/channel-data.ts';
import { type Faults, spend } from './turn-faults.ts';
import { Relay } from './turn-relay.ts';

export interface SessionOptions {
  /** Passwords by user name. Without any, the server takes everybody. */
  readonly users?: Readonly<Record<string, string>>;
  /** Takes time-limited credentials made from it as well. */
  readonly secret?: string;
  /** How far the server's clock is ahead of ours. */
  readonly clockAheadSeconds?: number;
  /** May be empty. Default `example.org`. */
  readonly realm?: string;
  /** Peers that are refused with 403. */
  readonly deniedPeers?: readonly string[];
  /** Allocations of one user, then 486. */
  readonly userQuota?: number;
  /** Allocations in all, then 508. */
  readonly capacity?: number;
  readonly software?: string;
}

/** One 5-tuple. */
export interface Client {
  readonly address: TransportAddress;
  readonly over: 'datagram' | 'stream';
  readonly send: (bytes: Uint8Array) => void;
  readonly nonce: string;
  relay?: Relay;
}

/** What a request comes to: attributes of the success response, or an error. */
type Outcome = readonly Attribute[] | { readonly code: number; readonly attributes?: readonly Attribute[] };

const fail = (code: number, ...list: Attribute[]): Outcome => ({ code, attributes: list });

interface Authenticated {
  readonly username: string;
  readonly key: Uint8Array | undefined;
}

export const newNonce = (): string => randomBytes(8).toString('hex');

/** The server side of RFC 8656 on our own codec, as far as tests need it. */
export class TurnSessions {
  readonly #options: SessionOptions;
  readonly #faults: Faults;
  readonly #relays = new Set<Relay>();
  #toPeers = 0;

  constructor(options: SessionOptions, faults: Faults) {
    this.#options = options;
    this.#faults = faults;
  }

  /** The response and what it says: `success` or an error code. */
  async answer(client: Client, request: StunMessage, bytes: Uint8Array) {
    const authenticated = this.#authenticate(client, request, bytes);
    const outcome =
      'code' in authenticated ? authenticated : await this.#serve(client, request, authenticated);
    const failed = 'code' in outcome;
    const { software } = this.#options;
    const message: StunMessage = {
      class: failed ? 'error' : 'success',
      method: request.method,
      transactionId: request.transactionId,
      attributes: [
        ...(failed ? [{ name: 'ERROR-CODE', value: { code: outcome.code, reason: '' } } as const] : []),
        ...(failed ? (outcome.attributes ?? []) : outcome),
        ...(software === undefined ? [] : [{ name: 'SOFTWARE', value: software } as const]),
      ],
    };
    const key = 'key' in authenticated ? authenticated.key : undefined;
    return { bytes: this.#sign(message, key), said: failed ? outcome.code : ('success' as const) };
  }

  /** Send indications; every other is ignored. */
  indicate(client: Client, message: StunMessage): void {
    const peer = attribute(message, 'XOR-PEER-ADDRESS');
    const data = attribute(message, 'DATA');
    if (message.method === 'send' && peer && data) this.#toPeer(client, peer, data);
  }

  channelData(client: Client, { channel, data }: ChannelData): void {
    const peer = client.relay?.peerOf(channel);
    if (peer) this.#toPeer(client, peer, data);
  }

  release(client: Client): void {
    if (client.relay) this.#end(client.relay);
    delete client.relay;
  }

  close(): void {
    for (const relay of this.#relays) this.#end(relay);
  }

  /** A stream may close after the server has. */
  #end(relay: Relay): void {
    if (this.#relays.delete(relay)) relay.close();
  }

  #sign(message: StunMessage, key: Uint8Array | undefined): Uint8Array {
    const { integrity } = this.#faults;
    if (!key || integrity === 'missing') return encode(message, { fingerprint: true });
    return encode(message, {
      integrity: { key, algorithm: 'sha1' },
      fingerprint: true,
      ...(integrity === 'wrong' && { defect: { kind: 'wrong-integrity' } }),
    });
  }

  #authenticate(
    client: Client,
    request: StunMessage,
    bytes: Uint8Array,
  ): Authenticated | Extract<Outcome, { code: number }> {
    const { users, secret, realm = 'example.org' } = this.#options;
    if ((!users && secret === undefined) || request.method === 'binding')
      return { username: '', key: undefined };
    const challenge: Attribute[] = [
      ...(this.#faults.challenge ?? []),
      { name: 'REALM', value: realm },
      { name: 'NONCE', value: client.nonce },
    ];
    const username = attribute(request, 'USERNAME');
    if (username !== undefined && this.#faults.believesAnybody) return { username, key: undefined };
    const password = username === undefined ? undefined : (users?.[username] ?? this.#passwordOf(username));
    if (username === undefined || password === undefined) return { code: 401, attributes: challenge };
    const stale = !this.#faults.anyNonce && attribute(request, 'NONCE') !== client.nonce;
    if (stale || spend(this.#faults, 'staleNonces')) return { code: 438, attributes: challenge };
    const key = longTermKey({ username, realm, password }, 'md5');
    if (verifyIntegrity(bytes, key) !== 'verified') return { code: 401, attributes: challenge };
    return { username, key };
  }

  #passwordOf(username: string): string | undefined {
    const { secret, clockAheadSeconds = 0 } = this.#options;
    const expiresAt = Number.parseInt(username, 10);
    const now = Math.floor(Date.now() / 1000) + clockAheadSeconds;
    const inTime = this.#faults.ignoresTime === true || expiresAt >= now;
    return secret !== undefined && inTime ? passwordFor(secret, username) : undefined;
  }

  async #serve(client: Client, request: StunMessage, { username }: Authenticated): Promise<Outcome> {
    const method = request.method as MethodName;
    const refusal = this.#faults.refuse?.[method];
    if (refusal !== undefined) return fail(refusal);
    const unknown = unknownRequired(request);
    if (unknown.length > 0) return fail(420, { name: 'UNKNOWN-ATTRIBUTES', value: unknown });
    if (method === 'binding') return [{ name: 'XOR-MAPPED-ADDRESS', value: this.#mapped(client) }];
    if (method === 'allocate') return this.#allocate(client, request, username);
    if (!client.relay) return fail(437);
    if (client.relay.username !== username) return fail(441);
    if (method === 'refresh') return this.#refresh(client, request);
    if (method === 'createPermission')
      return this.#permit(client.relay, attributes(request, 'XOR-PEER-ADDRESS'));
    if (method === 'channelBind') return this.#bind(client.relay, request);
    return fail(400);
  }

  async #allocate(client: Client, request: StunMessage, username: string): Promise<Outcome> {
    const { alternateServer, relayedAddress = (real: TransportAddress) => real } = this.#faults;
    const { userQuota = Number.POSITIVE_INFINITY, capacity = Number.POSITIVE_INFINITY } = this.#options;
    if (alternateServer) return fail(300, { name: 'ALTERNATE-SERVER', value: alternateServer });
    if (client.relay && this.#faults.leakPorts) delete client.relay;
    if (client.relay) return fail(437);
    const protocol = attribute(request, 'REQUESTED-TRANSPORT');
    if (protocol === undefined) return fail(400);
    if (protocol !== 17) return fail(442);
    if ([...this.#relays].filter(relay => relay.username === username).length >= userQuota) return fail(486);
    if (this.#relays.size >= capacity) return fail(508);
    const family = attribute(request, 'REQUESTED-ADDRESS-FAMILY') ?? 'ipv4';
    const relay = await Relay.open(family, username, attribute(request, 'EVEN-PORT') !== undefined);
    if (client.relay) {
      // A resent request overtook us while the socket opened.
      relay.close();
      return fail(437);
    }
    this.#relays.add(relay);
    client.relay = relay;
    relay.onData((peer, data, channel) => this.#toClient(client, peer, data, channel));
    return [
      { name: 'XOR-RELAYED-ADDRESS', value: relayedAddress(relay.address) },
      { name: 'XOR-MAPPED-ADDRESS', value: this.#mapped(client) },
      // Zero deletes in a Refresh alone.
      this.#lifetime(client, relay, attribute(request, 'LIFETIME') || 600),
    ];
  }

  #refresh(client: Client, request: StunMessage): Outcome {
    const seconds = attribute(request, 'LIFETIME') ?? 600;
    if (client.relay && seconds > 0) return [this.#lifetime(client, client.relay, seconds)];
    if (!this.#faults.keepDeleted) this.release(client);
    return [{ name: 'LIFETIME', value: 0 }];
  }

  #lifetime(client: Client, relay: Relay, asked: number): Attribute {
    const seconds = Math.min(asked, 3600);
    relay.expireAfter(seconds, () => this.release(client));
    return { name: 'LIFETIME', value: seconds };
  }

  #permit(relay: Relay, peers: readonly TransportAddress[]): Outcome {
    if (peers.length === 0) return fail(400);
    if (peers.some(({ ip }) => familyOf(ip) !== relay.family)) return fail(443);
    if (peers.some(({ ip }) => this.#options.deniedPeers?.includes(ip))) return fail(403);
    for (const { ip } of peers) relay.permissions.add(ip);
    return [];
  }

  #bind(relay: Relay, request: StunMessage): Outcome {
    const channel = attribute(request, 'CHANNEL-NUMBER') ?? 0;
    const peer = attribute(request, 'XOR-PEER-ADDRESS');
    if (!peer || channel < channelRange.first || channel > channelRange.last) return fail(400);
    const permitted = this.#permit(relay, [peer]);
    if ('code' in permitted) return permitted;
    return relay.bind(channel, peer) ? [] : fail(400);
  }

  #mapped({ address }: Client): TransportAddress {
    return this.#faults.mappedAddress ?? address;
  }

  #toPeer({ relay }: Client, peer: TransportAddress, data: Uint8Array): void {
    const { dropData, mtuBytes = Number.POSITIVE_INFINITY, loseEvery } = this.#faults;
    if (dropData === 'out' || dropData === 'both' || data.length > mtuBytes) return;
    this.#toPeers += 1;
    if (loseEvery === undefined || this.#toPeers % loseEvery !== 0) relay?.send(peer, data);
  }

  #toClient(client: Client, peer: TransportAddress, data: Uint8Array, channel: number | undefined): void {
    const { dropData, mtuBytes = Number.POSITIVE_INFINITY } = this.#faults;
    if (dropData === 'in' || dropData === 'both' || data.length > mtuBytes) return;
    client.send(
      channel === undefined ? dataIndication(peer, data) : encodeChannelData({ channel, data }, client.over),
    );
  }
}

const dataIndication = (peer: TransportAddress, data: Uint8Array): Uint8Array =>
  encode({
    class: 'indication',
    method: 'data',
    transactionId: randomBytes(12),
    attributes: [
      { name: 'XOR-PEER-ADDRESS', value: peer },
      { name: 'DATA', value: data },
    ],
  });
