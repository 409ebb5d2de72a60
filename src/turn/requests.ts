import type { Family, TransportAddress } from '../model/transport.ts';
import { type Attribute, attribute, attributes } from '../stun/attributes.ts';
import type { MethodName, StunMessage } from '../stun/message.ts';

/** What a request asks for, before transaction id and credentials. */
export interface TurnRequest {
  readonly method: MethodName;
  readonly attributes: readonly Attribute[];
}

/** IANA protocol numbers of REQUESTED-TRANSPORT. */
const protocolNumbers = { udp: 17, tcp: 6 } as const;

export interface AllocateOptions {
  /** What is relayed to peers, not how the client reaches the server. A number asks for any protocol. Default udp. */
  readonly requestedTransport?: 'udp' | 'tcp' | number;
  /** Seconds. */
  readonly lifetimeSeconds?: number;
  readonly family?: Family;
  /** ADDITIONAL-ADDRESS-FAMILY: a second relayed address, of IPv6 (RFC 8656 §7.1). */
  readonly additionalFamily?: Family;
  readonly evenPort?: { readonly reserveNext: boolean };
  readonly reservationToken?: Uint8Array;
  readonly dontFragment?: boolean;
  /** Asks for a MOBILITY-TICKET by sending an empty one (RFC 8016 §3.1). */
  readonly mobility?: boolean;
}

export function allocate(options: AllocateOptions = {}): TurnRequest {
  const { requestedTransport = 'udp' } = options;
  const protocol =
    typeof requestedTransport === 'number' ? requestedTransport : protocolNumbers[requestedTransport];
  const list: (Attribute | undefined)[] = [
    { name: 'REQUESTED-TRANSPORT', value: protocol },
    lifetime(options.lifetimeSeconds),
    options.family && { name: 'REQUESTED-ADDRESS-FAMILY', value: options.family },
    options.additionalFamily && { name: 'ADDITIONAL-ADDRESS-FAMILY', value: options.additionalFamily },
    options.evenPort && { name: 'EVEN-PORT', value: options.evenPort },
    options.reservationToken && { name: 'RESERVATION-TOKEN', value: options.reservationToken },
    options.dontFragment ? { name: 'DONT-FRAGMENT', value: true } : undefined,
    options.mobility ? { name: 'MOBILITY-TICKET', value: new Uint8Array(0) } : undefined,
  ];
  return { method: 'allocate', attributes: list.filter(item => item !== undefined) };
}

const lifetime = (seconds: number | undefined): Attribute | undefined =>
  seconds === undefined ? undefined : { name: 'LIFETIME', value: seconds };

/** A lifetime of 0 deletes the allocation (RFC 8656 §8). With a ticket it moves to the 5-tuple it is sent from. */
export function refresh(lifetimeSeconds: number, mobilityTicket?: Uint8Array): TurnRequest {
  const list: Attribute[] = [{ name: 'LIFETIME', value: lifetimeSeconds }];
  if (mobilityTicket) list.push({ name: 'MOBILITY-TICKET', value: mobilityTicket });
  return { method: 'refresh', attributes: list };
}

/** Permissions are by address; the port of a peer is sent and ignored (RFC 8656 §10). */
export const createPermission = (peers: readonly TransportAddress[]): TurnRequest => ({
  method: 'createPermission',
  attributes: peers.map(value => ({ name: 'XOR-PEER-ADDRESS', value })),
});

export const channelBind = (channel: number, peer: TransportAddress): TurnRequest => ({
  method: 'channelBind',
  attributes: [
    { name: 'CHANNEL-NUMBER', value: channel },
    { name: 'XOR-PEER-ADDRESS', value: peer },
  ],
});

/** Makes the relay open a TCP connection to a peer (RFC 6062 §4.3). */
export const connect = (peer: TransportAddress): TurnRequest => ({
  method: 'connect',
  attributes: [{ name: 'XOR-PEER-ADDRESS', value: peer }],
});

/** Sent on a second connection, which is the peer's from the answer on (RFC 6062 §4.3). */
export const connectionBind = (connectionId: number): TurnRequest => ({
  method: 'connectionBind',
  attributes: [{ name: 'CONNECTION-ID', value: connectionId }],
});

/** What a success response to Allocate grants. */
export interface Granted {
  /** One, or two after ADDITIONAL-ADDRESS-FAMILY. */
  readonly relayedAddresses: readonly [TransportAddress, ...TransportAddress[]];
  readonly mappedAddress: TransportAddress;
  readonly lifetimeSeconds: number;
  readonly reservationToken?: Uint8Array;
  readonly mobilityTicket?: Uint8Array;
  /** Why a family asked for is not among the relayed addresses (RFC 8656 §18.12). */
  readonly addressErrors: readonly { readonly family: Family; readonly code: number }[];
}

/** Reads a success response to Allocate, or says which attribute it lacks (RFC 8656 §7.3). */
export function readGranted(response: StunMessage): Granted | { readonly malformed: string } {
  const [relayed, ...more] = attributes(response, 'XOR-RELAYED-ADDRESS');
  const mappedAddress = attribute(response, 'XOR-MAPPED-ADDRESS');
  const lifetimeSeconds = attribute(response, 'LIFETIME');
  if (!relayed) return { malformed: 'the Allocate success response has no XOR-RELAYED-ADDRESS' };
  if (!mappedAddress) return { malformed: 'the Allocate success response has no XOR-MAPPED-ADDRESS' };
  if (lifetimeSeconds === undefined) return { malformed: 'the Allocate success response has no LIFETIME' };
  const reservationToken = attribute(response, 'RESERVATION-TOKEN');
  const mobilityTicket = attribute(response, 'MOBILITY-TICKET');
  return {
    relayedAddresses: [relayed, ...more],
    mappedAddress,
    lifetimeSeconds,
    addressErrors: attributes(response, 'ADDRESS-ERROR-CODE'),
    ...(reservationToken && { reservationToken }),
    ...(mobilityTicket && { mobilityTicket }),
  };
}
