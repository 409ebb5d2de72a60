import type { Failure, ObservationBase } from '../outcome.ts';

/** Several fresh 5-tuples to one transport address: do the answers come from one server? */
export type IdentityObservation = ObservationBase<'server-identity'> &
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
