/** When a line was written: a time where the log has times, else seconds since coturn started. */
export interface LogTime {
  /** UTC, ISO 8601; null where the log has no times. */
  readonly at: string | null;
  /** Seconds after the start of coturn; null where the log has times instead. */
  readonly afterStartSeconds: number | null;
}

/** How far a session came. */
export type SessionOutcome =
  | 'relayed'
  | 'one-way'
  | 'no-data'
  | 'refused'
  | 'challenge-only'
  | 'tls-failed'
  | 'nothing';

/** One kind of error of a session. */
export interface SessionError {
  readonly cause: LogCauseId;
  /** Of STUN; null where the log gave none. */
  readonly code: number | null;
  /** As coturn calls it: `ALLOCATE`, `message` where it does not say. */
  readonly method: string;
  readonly count: number;
}

/** Traffic as coturn's usage lines sum it up; only complete once the session has ended. */
export interface Traffic {
  readonly receivedPackets: number;
  readonly receivedBytes: number;
  readonly sentPackets: number;
  readonly sentBytes: number;
}

/** One session of coturn: what one 5-tuple did. */
export interface LogSession {
  readonly id: string;
  /** As sent; null where the client never gave one. */
  readonly user: string | null;
  readonly realm: string | null;
  /** Address and port of the client. coturn up to 4.18 tells it when the session ends. */
  readonly client: string | null;
  readonly transport: 'udp' | 'tcp' | 'tls' | 'dtls' | null;
  readonly relayed: readonly string[];
  /** Addresses with a permission, the first sixteen. */
  readonly peers: readonly string[];
  readonly peerCount: number;
  readonly lifetimeSeconds: number | null;
  readonly fromClient: Traffic;
  readonly fromPeers: Traffic;
  readonly errors: readonly SessionError[];
  readonly outcome: SessionOutcome;
  /** How it ended: `deleted` by its client, by `timeout`, `closed` by the client's end, lost in a `restart`, or still `open`. */
  readonly ending: 'deleted' | 'timeout' | 'closed' | 'restart' | 'open' | 'unknown';
  /** In coturn's words. */
  readonly reason: string | null;
  readonly started: LogTime;
  readonly ended: LogTime | null;
  readonly durationSeconds: number | null;
  /** Which start of coturn in this log, from 1. */
  readonly run: number;
}

export type LogCauseId =
  | 'challenge'
  | 'wrong-password'
  | 'wrong-secret'
  | 'expired'
  | 'time-in-milliseconds'
  | 'unknown-user'
  | 'rejected-credential'
  | 'peer-denied'
  | 'draining'
  | 'allocation-mismatch'
  | 'allocation-gone'
  | 'stale-nonce'
  | 'wrong-nonce'
  | 'other-credentials'
  | 'transport-refused'
  | 'quota'
  | 'no-relay-port'
  | 'tls-handshake'
  | 'rate-limited'
  | 'bad-request'
  | 'other';

/** How often something was logged, and what it means. */
export interface LogCount {
  readonly cause: LogCauseId;
  readonly title: string;
  readonly severity: 'error' | 'warning' | 'harmless';
  readonly code: number | null;
  readonly count: number;
  readonly meaning: string;
}

/** A name or address and how often it came up. */
export interface Tally {
  readonly name: string;
  readonly sessions: number;
  readonly failed: number;
  readonly bytes: number;
}

/** What looks like somebody who is no client. */
export interface Abuse {
  readonly kind: 'brute-force' | 'reflection' | 'peer-scan';
  readonly who: string;
  readonly count: number;
  readonly evidence: string;
}

/** A span of the histogram. */
export interface Bucket {
  /** As `LogTime.at`, or seconds after the start. */
  readonly from: string | number;
  readonly sessions: number;
  readonly failed: number;
}

/** What `turnctl logs` adds to the report. */
export interface LogSection {
  readonly sources: readonly string[];
  readonly lines: number;
  readonly bytes: number;
  readonly version: string | null;
  readonly starts: number;
  readonly verbose: boolean | null;
  readonly from: LogTime | null;
  readonly until: LogTime | null;
  /** Counted in full, while `sessions` holds the last that fit the filters. */
  readonly sessionCount: number;
  readonly outcomes: Readonly<Record<SessionOutcome, number>>;
  /** Nobody where a filter by session or error leaves some sessions of a user only. */
  readonly firstCalls: { readonly users: number; readonly failed: number };
  readonly laterCalls: { readonly count: number; readonly failed: number };
  readonly counts: readonly LogCount[];
  readonly otherErrors: readonly { readonly text: string; readonly count: number }[];
  readonly harmless: readonly { readonly text: string; readonly count: number; readonly why: string }[];
  readonly deniedPeers: readonly { readonly peer: string; readonly count: number }[];
  readonly addresses: readonly Tally[];
  readonly users: readonly Tally[];
  readonly abuse: readonly Abuse[];
  readonly histogram: { readonly bucketSeconds: number; readonly buckets: readonly Bucket[] };
  readonly sessions: readonly LogSession[];
  /** Sessions given up to keep memory bounded, or found too many to list. */
  readonly sessionsLeftOut: number;
}
