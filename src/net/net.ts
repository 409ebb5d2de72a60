import type { ServedCertificate } from '../model/observations/tls-handshake.ts';
import type { Failure, StagesMs } from '../model/outcome.ts';
import type { Family, Transport, TransportAddress } from '../model/transport.ts';

/** Time, so that a test can hold it. */
export interface Clock {
  /** Milliseconds since 1970: for credentials and reports. */
  now(): number;
  /** Milliseconds since an arbitrary start that never jump: for every duration. */
  monotonic(): number;
  /** Calls back once after `delayMs`. Returns the function that cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** Takes what comes out of a `Channel`. */
export interface Receiver {
  /** One datagram, or some bytes of a stream. */
  bytes(bytes: Uint8Array): void;
  /** `refused` and `unreachable` may come from a UDP channel that goes on working; a stream ends with it. */
  failed(failure: Failure): void;
}

/** What a TLS server showed, and what a client that checks certificates would have said. */
export interface TlsPeer {
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate: ServedCertificate;
  /** The protocol chosen from those of `tls.alpn` (RFC 7301); absent when the server chose none. */
  readonly alpn?: string;
  /** Absent when trusted: OpenSSL's code. */
  readonly untrusted?: string;
  /** Absent when the certificate covers the name asked for. */
  readonly nameMismatch?: string;
}

/** A connected way to one server: a UDP socket, a TCP connection, or TLS over one. */
export interface Channel {
  readonly transport: Transport;
  readonly localAddress: TransportAddress;
  readonly remoteAddress: TransportAddress;
  readonly tls?: TlsPeer;
  send(bytes: Uint8Array): void;
  /** Names the one receiver. What came before is delivered to it at once. */
  receive(receiver: Receiver): void;
  close(): void;
}

/** A channel, or why there is none; with the times of the stages that were passed. */
export type Opening =
  | { readonly channel: Channel; readonly stagesMs: StagesMs }
  | { readonly failure: Failure; readonly stagesMs: StagesMs };

export interface OpenOptions {
  readonly transport: Transport;
  readonly server: TransportAddress;
  /** The name the certificate must cover, and the server name sent when it is no address. Used by `tls` only. */
  readonly name: string;
  /** How the ClientHello differs from that of a browser. */
  readonly tls?: {
    /** Sent in place of `name`; null for none at all. */
    readonly serverName?: string | null;
    readonly alpn?: readonly string[];
  };
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** An unconnected UDP socket: it sees from which address each datagram really came. */
export interface PeerSocket {
  readonly localAddress: TransportAddress;
  send(bytes: Uint8Array, to: TransportAddress): void;
  receive(receiver: (bytes: Uint8Array, from: TransportAddress) => void): void;
  close(): void;
}

/** A TCP listener that plays the peer. */
export interface PeerListener {
  readonly localAddress: TransportAddress;
  accept(receiver: (channel: Channel) => void): void;
  /** Closes every connection it accepted too. */
  close(): void;
}

/** Addresses of a name, IPv4 first, each once. `error` where a family has none, in the resolver's words. */
export type Resolution =
  | { readonly ips: readonly string[]; readonly ms: number }
  | { readonly error: string; readonly ms: number };

/** One record of a name, as far as STUN and TURN use them. */
export type DnsRecord =
  | {
      readonly type: 'SRV';
      readonly host: string;
      readonly port: number;
      readonly priority: number;
      readonly weight: number;
    }
  | {
      readonly type: 'NAPTR';
      /** `RELAY:turn.udp:turn.tcp`. */
      readonly service: string;
      /** `s`: replacement has SRV records; `a`: addresses; empty: NAPTR again. */
      readonly flags: string;
      readonly replacement: string;
      readonly order: number;
      readonly preference: number;
    };

/** Records of a name; none where the resolver says there are none. `error` in the resolver's words. */
export type Records = { readonly records: readonly DnsRecord[] } | { readonly error: string };

/** The wire as seen from where turnctl runs. Every failure that the field can cause is a value. */
export interface Net {
  /** Asks for A and AAAA side by side, the way every program on this host does (hosts file included). */
  resolve(
    host: string,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Resolution>;
  /** Asks the resolvers of this host; the hosts file has no such records. */
  records(
    type: DnsRecord['type'],
    name: string,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<Records>;
  open(options: OpenOptions): Promise<Opening>;
  /** A UDP socket on `ip`, port chosen by the system; or the reason why not. */
  openPeer(ip: string): Promise<PeerSocket | { readonly error: string }>;
  /** A TCP listener on `ip`, port chosen by the system, for peers of RFC 6062; or the reason why not. */
  listen(ip: string): Promise<PeerListener | { readonly error: string }>;
  /** Addresses of this host's interfaces, loopback included, link-local ones left out. */
  localIps(family: Family): readonly string[];
}
