import type { Failure, ObservationBase } from '../outcome.ts';

/** An answer to an unusual request: `success`, an error code, or null where nothing came. */
export interface Reply {
  readonly answer: 'success' | number | null;
  /** Reason phrase of an error. coturn >= 4.11 sends none. */
  readonly reason?: string;
  /** UNKNOWN-ATTRIBUTES of a 420. */
  readonly unknownAttributes?: readonly number[];
}

/** How a listener answers requests that clients do not send, which tells servers and releases apart. */
export type ConformanceObservation = ObservationBase<'stun-conformance'> &
  (
    | {
        readonly outcome: 'complete';
        /** Binding with a comprehension-required attribute nobody knows (0x7FFE): 420 is the right answer (RFC 8489 §6.3.1). */
        readonly unknownAttribute: Reply;
        /** Binding with CHANGE-REQUEST for another port: 420 where RFC 5780 is off, null where it is obeyed; UDP only. */
        readonly changeRequest?: Reply;
        /** RFC 3489 Binding, without the magic cookie; UDP only. Sizes in bytes. */
        readonly legacy?: {
          readonly answered: boolean;
          readonly requestBytes: number;
          readonly responseBytes?: number;
        };
      }
    | Failure
  );
