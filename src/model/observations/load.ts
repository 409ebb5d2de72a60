import type { Failure, ObservationBase } from '../outcome.ts';

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What ended a ramp: the number asked for, 486, 508, the latency budget, the time, or another failure. */
export type RampEnd = 'count' | 'quota' | 'ports' | 'latency' | 'time' | 'failure' | 'interrupted';

/** Allocations set up from nothing, ever more of them at once. */
export type LoadAllocationsObservation = ObservationBase<'load-allocations'> &
  (
    | {
        readonly outcome: 'complete';
        readonly allocated: number;
        readonly perSecond: number;
        /** From the first request to the success response: both round trips. */
        readonly latencyMs: Percentiles;
        readonly steps: readonly {
          readonly atOnce: number;
          readonly allocated: number;
          readonly perSecond: number;
          readonly p95Ms: number;
        }[];
        /** Left without an answer for three seconds. */
        readonly unanswered: number;
        readonly endedBy: RampEnd;
        /** What the first refused one met, in words. */
        readonly why?: string;
        /** Given back, and of those how many the server confirmed. */
        readonly released: number;
        readonly confirmed: number;
      }
    | Failure
  );

/** Datagrams from one allocation through the relay to another, each allocation sending to its partner. */
export type LoadRelayObservation = ObservationBase<'load-relay'> &
  (
    | {
        readonly outcome: 'complete';
        /** Allocations that sent. */
        readonly senders: number;
        readonly sizeBytes: number;
        readonly sent: number;
        /** Each counted once, however often it came. */
        readonly delivered: number;
        readonly lost: number;
        readonly duplicates: number;
        /** From the first send to the last arrival. */
        readonly lastedMs: number;
        readonly messagesPerSecond: number;
        /** Every message passes the relay twice: out of one allocation and into another. */
        readonly relayedPerSecond: number;
        /** From the sender through both allocations to the receiver. */
        readonly latencyMs: Percentiles;
      }
    | Failure
  );
