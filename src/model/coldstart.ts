import type { CallRecord, TimelineEvent } from './call-record.ts';
import type { Scenario } from './scenario.ts';

/** How a number of calls went. Times in milliseconds, of those that were connected; null when none was. */
export interface CallStatistics {
  readonly calls: number;
  readonly connected: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

/** What one client made of it. */
export interface ClientRun {
  readonly scenario: Scenario;
  /** Calls in browser contexts in which nothing was cached. */
  readonly first: CallStatistics;
  /** Calls after them, in the same contexts. */
  readonly later: CallStatistics;
  /** First calls whose offer had a relay candidate in it when it was sent. */
  readonly relayInOffer: number;
  /** First calls whose relay candidate reached the other side in time, in the offer or after it. */
  readonly relayReceived: number;
  /** Lines that the first call of all made in the server's log; null where it could not be read. */
  readonly logLines: number | null;
  readonly records: readonly CallRecord[];
}

/** Cold against warm, and the client as it is against the one it could be. */
export interface Coldstart {
  readonly browser: string;
  readonly runs: readonly ClientRun[];
  /** How long gathering should take by what the wire showed, in milliseconds, and which server decides it. */
  readonly predicted: { readonly gatheringMs: number; readonly by: string } | null;
  /** Median of the end of gathering in the browser; null where it never ended. */
  readonly measuredGatheringMs: number | null;
}

/** What a browser made of one URI, or of all of them together. */
export interface Gathering {
  readonly uris: readonly string[];
  /** When the first relay candidate came, in milliseconds; null when none did. */
  readonly relayMs: number | null;
  /** When gathering was complete; null when it was not before the time was up. */
  readonly completeMs: number | null;
  /** What the browser said of its servers: 401 for the credential, 701 for one that does not answer. */
  readonly errors: readonly { readonly url: string; readonly code: number; readonly message: string }[];
  readonly events: readonly TimelineEvent[];
}
