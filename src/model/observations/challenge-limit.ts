import type { Failure, ObservationBase } from '../outcome.ts';

/** Many requests without credentials from one address, and whether somebody with credentials is still served (`--rate-limit`). */
export type ChallengeLimitObservation = ObservationBase<'challenge-limit'> &
  (
    | {
        readonly outcome: 'complete';
        readonly sent: number;
        readonly challenged: number;
        readonly lastedMs: number;
        /** Absent without credentials. */
        readonly validUserServed?: boolean;
      }
    | Failure
  );
