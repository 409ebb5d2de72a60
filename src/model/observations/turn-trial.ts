import type { Failure, ObservationBase } from '../outcome.ts';
import type { TransportAddress } from '../transport.ts';
import type { Leg } from './turn-data-path.ts';

/** How one request was answered: granted, an error code, or null when nothing came back. */
export type Reply = 'granted' | number | null;

/** An Allocate that was not granted: the error code, or null when nothing came back. */
export interface Refused {
  readonly refused: number | null;
}

interface Allocated {
  readonly relayedAddresses: readonly TransportAddress[];
  readonly lifetimeSeconds: number;
}

/** Round trips in milliseconds. */
export interface RoundTrips {
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Payload of one size on its way through the relay. */
export interface SizeLegs {
  readonly sizeBytes: number;
  readonly outbound: Leg;
  readonly inbound: Leg;
}

/** One rate at which payload was sent through the relay. */
export interface RateStep {
  readonly packetsPerSecond: number;
  readonly sent: number;
  readonly received: number;
}

/** A moment at which a peer sent to the relay, and what became of it. */
export interface LifeCheck {
  readonly atSeconds: number;
  /** `channel` and `indication`: how it arrived. */
  readonly arrived: 'channel' | 'indication' | 'nothing';
}

/** What each trial found out. The names stand for single probes of TURN (RFC 8656), RFC 6062 and RFC 8016. */
export interface TrialResults {
  /** Two Allocate requests without credentials. */
  challenge: {
    readonly realm: string | null;
    /** Characters; null without a NONCE. */
    readonly nonceLength: number | null;
    /** RFC 8489 §9.2 security features the nonce announces. */
    readonly features: readonly ('password-algorithms' | 'username-anonymity')[];
    /** Whether both 5-tuples were given the same nonce. */
    readonly sharedNonce: boolean;
  };
  /** REQUESTED-ADDRESS-FAMILY IPv6. */
  'ipv6-relay': Allocated | Refused;
  /** ADDITIONAL-ADDRESS-FAMILY IPv6, and ADDRESS-ERROR-CODE where there is none. */
  'both-families': (Allocated & { readonly addressErrors: readonly number[] }) | Refused;
  /** LIFETIME 0 in Allocate, the others in Refresh; null where the answer was an error or did not come. */
  lifetimes: {
    readonly lifetimes: readonly { readonly askedSeconds: number; readonly grantedSeconds: number | null }[];
  };
  /** Refresh with LIFETIME 0 twice, then CreatePermission until it is refused: when, or null where it never was. */
  deletion: { readonly first: Reply; readonly second: Reply; readonly goneAfterMs: number | null };
  /** The authenticated Allocate sent once more with its transaction id. */
  retransmission: {
    readonly relayedAddress: TransportAddress;
    readonly again: Reply;
    readonly relayedAddressAgain?: TransportAddress;
  };
  /** EVEN-PORT with R, then RESERVATION-TOKEN on another 5-tuple. */
  'even-port':
    | {
        readonly port: number;
        /** The port of the second allocation; absent where no token came. */
        readonly reserved?: { readonly port: number } | Refused;
      }
    | Refused;
  'dont-fragment': Allocated | Refused;
  /** A request with the nonce of another 5-tuple. */
  'stale-nonce': {
    readonly reply: Reply;
    /** Whether the 438 brought another nonce. */
    readonly renewed: boolean;
    /** Whether a request with that one was let in. */
    readonly accepted: boolean;
  };
  /** REQUESTED-TRANSPORT by protocol number, over the transport of the conversation. */
  transports: { readonly protocols: readonly { readonly protocol: number; readonly reply: Reply }[] };
  /** Allocations held at the same time by one user until one was refused, or the limit was reached. */
  quota: { readonly granted: number; readonly limit: number; readonly stoppedBy: Reply };
  /** Requests without credentials that differ in one thing, where Allocate is silent. */
  'silent-allocate': {
    readonly variants: readonly {
      readonly variant: string;
      readonly sizeBytes: number;
      readonly answered: boolean;
    }[];
  };
  /** A Binding request through the relay to a STUN server. */
  reflection: {
    readonly peer: TransportAddress;
    readonly relayedAddress: TransportAddress;
    readonly permission: Leg;
    readonly reply: Leg;
    /** XOR-MAPPED-ADDRESS: the relay as the STUN server sees it. */
    readonly mappedAddress?: TransportAddress;
  };
  /** Two allocations, each the peer of the other. */
  'relay-to-relay': {
    readonly relayedAddresses: readonly [TransportAddress, TransportAddress];
    readonly permission: Leg;
    readonly there: Leg;
    readonly back: Leg;
  };
  /** Packets to a peer of ours that sends each back. */
  'relay-series': {
    readonly intervalMs: number;
    readonly sizeBytes: number;
    readonly sent: number;
    /** What came to the peer, and what came all the way back. */
    readonly reachedPeer: number;
    readonly received: number;
    readonly duplicates: number;
    readonly reordered: number;
    /** Absent when nothing came back. */
    readonly rttMs?: RoundTrips;
    readonly jitterMs?: number;
  };
  throughput: {
    readonly sizeBytes: number;
    readonly steps: readonly RateStep[];
    /** `sender`: this host could not send faster. */
    readonly stoppedBy: 'loss' | 'time' | 'bytes' | 'sender';
  };
  /** ChannelData of growing size, both ways. */
  sizes: { readonly sizes: readonly SizeLegs[] };
  /** A peer sends before and after the life of its permission is over. */
  'permission-life': { readonly lifeSeconds: number; readonly checks: readonly LifeCheck[] };
  /** The same of a channel, whose permission is kept; `rebound` is ChannelBind to another peer while it is held. */
  'channel-life': {
    readonly lifeSeconds: number;
    readonly checks: readonly LifeCheck[];
    readonly rebound: Reply;
  };
  /** ChannelBind by channel number, each to a peer of its own. */
  'channel-range': { readonly channels: readonly { readonly channel: number; readonly reply: Reply }[] };
  /** Connect and ConnectionBind (RFC 6062 §4.3), then bytes both ways. */
  'tcp-connect': TcpStream | Refused;
  /** A peer connects to the relayed address: ConnectionAttempt, ConnectionBind (RFC 6062 §4.4). */
  'tcp-passive': TcpStream | Refused;
  /** CreatePermission for a peer of the other address family. */
  'family-mismatch': { readonly reply: Reply };
  /** A datagram to a closed port of a peer: the ICMP error the relay passes on (RFC 8656 §11.5), if it does. */
  icmp: { readonly received: { readonly type: number; readonly code: number } | null };
  /** MOBILITY-TICKET in Allocate, then Refresh with it from another 5-tuple. */
  mobility: { readonly ticket: boolean; readonly moved?: Reply } | Refused;
  /** A call's life: a packet to a peer and back every interval, with every renewal a client makes. */
  soak: {
    readonly seconds: number;
    readonly sent: number;
    readonly received: number;
    readonly longestGapMs: number;
    /** Seconds after the start at which a 438 was met. */
    readonly staleNonces: readonly number[];
    /** Renewals by their name that were refused or not answered. */
    readonly failed: readonly {
      readonly request: string;
      readonly atSeconds: number;
      readonly reply: Reply;
    }[];
  };
}

/** A TCP relay's connection to a peer, leg by leg. `open`: Connect, or the peer's own connection. */
export interface TcpStream {
  readonly open: Leg;
  readonly bind: Leg;
  readonly outbound: Leg;
  readonly inbound: Leg;
}

export type TrialName = keyof TrialResults;

/** One thing tried with a relay beyond what every client does with it. `complete` says that it was tried, not that it is well. */
export type TrialObservation = {
  [T in TrialName]: ObservationBase<'turn-trial'> & { readonly trial: T } & (
      | { readonly outcome: 'complete'; readonly result: TrialResults[T] }
      | Failure
    );
}[TrialName];
