import type { Failure, ObservationBase } from '../outcome.ts';
import type { TransportAddress } from '../transport.ts';

/**
 * An Allocate from nothing: the request without credentials, the challenge, the request with credentials (RFC 8656 §7).
 * `challenged: false` with `allocated` is an anonymous relay. Without credentials the outcome is `challenged`.
 */
export type AllocateObservation = ObservationBase<'turn-allocate'> & {
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
  /** Why a 300 was not followed: to a server that was asked before, a fourth time, or without ALTERNATE-SERVER. */
  readonly redirectEnd?: 'loop' | 'too-many' | 'no-address';
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
