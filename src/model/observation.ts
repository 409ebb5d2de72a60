import type { Transport, TransportAddress } from './transport.ts';

/** Stages of a conversation in the order they happen; each in milliseconds of its own, not since the start. */
export type Stage =
  | 'dns'
  | 'connect'
  | 'tls'
  | 'binding'
  | 'challenge'
  | 'allocate'
  | 'permission'
  | 'dataIn'
  | 'dataOut'
  | 'channel'
  | 'delete';

export type StagesMs = { readonly [S in Stage]?: number };

/** Ways in which a conversation can end without the answer asked for. They are never folded into one another. */
export type Failure =
  /** Nothing came back. Several requests were sent, so loss of one packet is not this. */
  | { readonly outcome: 'no-response'; readonly requestsSent: number; readonly waitedMs: number }
  /** ICMP port unreachable, or a TCP reset to our SYN: the host is there, nobody listens. */
  | { readonly outcome: 'refused'; readonly error: string }
  /** ICMP host or network unreachable, no route, no address of that family here. */
  | { readonly outcome: 'unreachable'; readonly error: string }
  /** The server answered with an error response (RFC 8489 §14.8). coturn >= 4.10 sends an empty reason phrase. */
  | { readonly outcome: 'error-response'; readonly code: number; readonly reason: string }
  /** Bytes that are no valid answer: HTTP, garbage, a wrong transaction id, a failed integrity check, another source. */
  | { readonly outcome: 'invalid-response'; readonly problem: string }
  /** The TLS handshake failed or the connection was closed in it. */
  | { readonly outcome: 'tls-failed'; readonly error: string }
  /** The connection was closed by the other side before an answer. */
  | { readonly outcome: 'closed'; readonly error: string }
  /** The name did not resolve. */
  | { readonly outcome: 'unresolved'; readonly error: string }
  /** Not tried, and why: no credentials, an earlier stage failed, time ran out. */
  | { readonly outcome: 'skipped'; readonly reason: string };

interface Base<P extends string> {
  readonly probe: P;
  /** The URI this conversation belongs to (RFC 7064, RFC 7065), always with an explicit port and, for turn, transport. */
  readonly uri: string;
  readonly transport: Transport;
  /** The address it went to; absent when the name did not resolve. */
  readonly server?: TransportAddress;
  readonly stagesMs: StagesMs;
}

/** What the name of a URI resolves to. */
export type DnsObservation = Base<'dns'> &
  ({ readonly outcome: 'resolved'; readonly ips: readonly string[] } | Failure);

/** RFC 8489 Binding, without credentials. */
export type BindingObservation = Base<'stun-binding'> &
  (
    | {
        readonly outcome: 'answered';
        /** Our own transport address as the server sees it. */
        readonly mappedAddress: TransportAddress;
        /** MAPPED-ADDRESS, where the server sends it too; differs when a middlebox rewrites addresses. */
        readonly plainMappedAddress?: TransportAddress;
        readonly localAddress: TransportAddress;
        readonly requestsSent: number;
        readonly rttMs: number;
        readonly software?: string;
        readonly responseOrigin?: TransportAddress;
        readonly otherAddress?: TransportAddress;
      }
    | Failure
  );

/** What the server's certificate says, as served. Times in UTC ISO 8601. */
export interface ServedCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and IP addresses it covers. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the DER form, upper-case hex with colons. */
  readonly fingerprint256: string;
  readonly chainLength: number;
}

/** A TLS handshake that takes any certificate and reports what a strict client would have said. */
export type TlsObservation = Base<'tls-handshake'> &
  (
    | {
        readonly outcome: 'handshake';
        readonly protocol: string;
        readonly cipher: string;
        readonly certificate: ServedCertificate;
        /** Absent when trusted: OpenSSL's code, as `SELF_SIGNED_CERT_IN_CHAIN`. */
        readonly untrusted?: string;
        /** Absent when it covers the name asked for. */
        readonly nameMismatch?: string;
      }
    | Failure
  );

/**
 * An Allocate from nothing: the request without credentials, the challenge, the request with credentials (RFC 8656 §7).
 * `challenged: false` with `allocated` is an anonymous relay. Without credentials the outcome is `challenged`.
 */
export type AllocateObservation = Base<'turn-allocate'> & {
  /** REQUESTED-TRANSPORT: 17 UDP, 6 TCP (RFC 6062). */
  readonly requestedTransport: 'udp' | 'tcp';
  /** REQUESTED-ADDRESS-FAMILY, when one was asked for. */
  readonly requestedFamily?: 'ipv4' | 'ipv6';
  /** The user name sent: a static user, or `expiry:name` for a time-limited credential. Absent: none were at hand. */
  readonly username?: string;
  readonly credential?: 'time-limited' | 'static' | 'endpoint';
  /** From the 401; absent when there was none. An empty string is an empty REALM, which hangs browsers. */
  readonly realm?: string;
  readonly software?: string;
  /** How many Allocate requests went out in all: 2 when nothing is lost. */
  readonly requestsSent: number;
  /** Where a 300 (Try Alternate) led to: the outcome is that of this server, not of `server`. */
  readonly alternate?: TransportAddress;
} & (
    | {
        readonly outcome: 'allocated';
        readonly challenged: boolean;
        readonly relayedAddress: TransportAddress;
        readonly mappedAddress: TransportAddress;
        readonly localAddress: TransportAddress;
        readonly lifetimeSeconds: number;
        /** Whether the success response carried a MESSAGE-INTEGRITY that verifies. */
        readonly integrity: 'verified' | 'missing' | 'wrong';
        /** Error codes met on the way after the first 401: 438, 300. */
        readonly retries: readonly number[];
      }
    /** A 401 came and there were no credentials to go on with. */
    | { readonly outcome: 'challenged' }
    | (Failure & { readonly afterChallenge?: boolean })
  );

export type Leg =
  | { readonly outcome: 'passed'; readonly ms: number }
  | { readonly outcome: 'lost'; readonly waitedMs: number; readonly sent: number }
  | { readonly outcome: 'refused'; readonly code: number; readonly reason: string }
  | { readonly outcome: 'wrong-source'; readonly from: TransportAddress; readonly ms: number }
  | { readonly outcome: 'skipped'; readonly reason: string };

/**
 * The relay's data path, proved with one allocation and sockets of our own as the peers (RFC 8656 §11-12).
 * `complete` says that every leg was tried, not that it passed.
 */
export type DataPathObservation = Base<'turn-data-path'> &
  (
    | {
        readonly outcome: 'complete';
        readonly relayedAddress: TransportAddress;
        /** The peer socket as the relay is told about it. */
        readonly peerAddress: TransportAddress;
        readonly permission: Leg;
        /** Peer to relayed address, arriving as a Data indication. */
        readonly inbound: Leg;
        /** Send indication, arriving at the peer from XOR-RELAYED-ADDRESS (`wrong-source` when from elsewhere). */
        readonly outbound: Leg;
        readonly channelBind: Leg;
        readonly channelInbound: Leg;
        readonly channelOutbound: Leg;
        /** A peer without a permission sends to the relayed address; `lost` is the right outcome. */
        readonly unpermitted: Leg;
        /** Refresh with LIFETIME 0. */
        readonly deleted: Leg;
      }
    | Failure
  );

/** Which peer addresses the relay agrees to: CreatePermission only, no payload is ever sent. */
export type PeerPolicyObservation = Base<'turn-peer-policy'> &
  (
    | {
        readonly outcome: 'complete';
        readonly peers: readonly {
          readonly ip: string;
          /** What the address stands for: `loopback`, `private`, `shared`, `link-local`, `metadata`, `multicast`, `public`. */
          readonly kind: string;
          /** `allowed`, or the error code of the answer (403), or null when nothing came back. */
          readonly answer: 'allowed' | number | null;
        }[];
      }
    | Failure
  );

/** Several fresh 5-tuples to one transport address: do the answers come from one server? */
export type IdentityObservation = Base<'server-identity'> &
  (
    | {
        readonly outcome: 'complete';
        readonly asked: number;
        readonly answered: number;
        /** Distinct REALM, SOFTWARE and nonce shape (length) seen in the challenges, with how often each. */
        readonly faces: readonly {
          readonly realm: string;
          readonly software: string;
          readonly nonceLength: number;
          readonly count: number;
        }[];
        /** Authenticated requests that met 438 on the first try, and those that met a second 401. */
        readonly staleOnFirstTry: number;
        readonly rejected: number;
        readonly authenticated: number;
      }
    | Failure
  );

export type Observation =
  | DnsObservation
  | BindingObservation
  | TlsObservation
  | AllocateObservation
  | DataPathObservation
  | PeerPolicyObservation
  | IdentityObservation;

export type ProbeName = Observation['probe'];

/** The observations of one probe, narrowed. */
export function observed<P extends ProbeName>(
  observations: readonly Observation[],
  probe: P,
): Extract<Observation, { probe: P }>[] {
  return observations.filter((o): o is Extract<Observation, { probe: P }> => o.probe === probe);
}
