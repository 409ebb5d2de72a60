import type { Failure, ObservationBase } from '../outcome.ts';

/** Messages that are no messages, and whether the server serves on after them. */
export type MalformedRequestsObservation = ObservationBase<'malformed-requests'> &
  (
    | {
        readonly outcome: 'complete';
        readonly messages: readonly {
          readonly defect: string;
          /** `silence`, `success`, or the code of the error response. */
          readonly answer: 'silence' | 'success' | number;
        }[];
        /** Whether a sound request is answered afterwards. */
        readonly aliveAfter: boolean;
      }
    | Failure
  );
