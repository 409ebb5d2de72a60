import type { Failure, ObservationBase } from '../outcome.ts';

/**
 * Binding requests at an interval, each sent once, so that what is lost shows. `no-response` when not one was answered:
 * that is silence, not loss. Over TCP and TLS nothing is lost, and what the network dropped shows as a long round trip.
 */
export type SeriesObservation = ObservationBase<'stun-series'> &
  (
    | {
        readonly outcome: 'complete';
        readonly intervalMs: number;
        readonly sent: number;
        readonly received: number;
        /** Answers to a request that had been answered already. */
        readonly duplicates: number;
        /** Answers that came after the answer to a later request. */
        readonly reordered: number;
        /** Most requests in a row without an answer. */
        readonly longestGap: number;
        /** Requests at the end without an answer: not loss but silence, when they are many. */
        readonly unansweredAtEnd: number;
        readonly rttMs: {
          readonly min: number;
          readonly median: number;
          readonly p95: number;
          readonly p99: number;
          readonly max: number;
        };
        /** Interarrival jitter of RFC 3550 §6.4.1, over round trips in place of one-way transit times. */
        readonly jitterMs: number;
      }
    | Failure
  );
