import type { Failure, ObservationBase } from '../outcome.ts';
import type { Family } from '../transport.ts';

/** What the relay said: `allowed`, the code of its error response, or null for silence. */
export type PeerAnswer = 'allowed' | number | null;

/** The three ways to name a peer, each with a check of its own in the server. */
export interface ReachedPeer {
  readonly ip: string;
  /** What the address stands for; `own` is one of the server itself. */
  readonly kind: string;
  readonly createPermission: PeerAnswer;
  readonly channelBind: PeerAnswer;
  /** RFC 6062. Asked only where CreatePermission was refused: a Connect that is agreed to opens a connection. */
  readonly connect?: PeerAnswer;
  /** Whether a datagram sent to it through the relay came out at a socket of ours (`--active`). */
  readonly arrived?: boolean;
}

/** Which peers the relay agrees to, of both families. */
export type PeerReachObservation = ObservationBase<'peer-reach'> &
  (
    | {
        readonly outcome: 'complete';
        readonly peers: readonly ReachedPeer[];
        /** Families for which there was no allocation, and why. */
        readonly notAsked: readonly { readonly what: Family | 'connect'; readonly reason: string }[];
      }
    | Failure
  );
