import type { Failure, ObservationBase } from '../outcome.ts';
import type { TransportAddress } from '../transport.ts';

/** One request that anybody can send, with a forged source too, and the size of what comes back (UDP payload, in bytes). */
export interface AnsweredRequest {
  readonly request: string;
  readonly bytesIn: number;
  /** 0 where nothing came back. */
  readonly bytesOut: number;
  /** Of an error response. */
  readonly code?: number;
}

/** What the server tells, and how much of it, to anybody who asks over UDP without credentials. */
export type UnauthenticatedAnswersObservation = ObservationBase<'unauthenticated-answers'> &
  (
    | {
        readonly outcome: 'complete';
        readonly requests: readonly AnsweredRequest[];
        readonly software?: string;
        readonly realm?: string;
        /** Addresses in the answers that are the server's own: RESPONSE-ORIGIN, OTHER-ADDRESS. */
        readonly addresses: readonly TransportAddress[];
      }
    | Failure
  );
