import type {
  Abuse,
  Bucket,
  LogCauseId,
  LogCount,
  LogSection,
  LogSession,
  Tally,
} from '../model/log-report.ts';
import { CAUSES, HARMLESS } from './causes.ts';
import type { LogReader } from './reader.ts';
import { logTime } from './session.ts';
import type { Tallies } from './tallies.ts';

const TOP = 10;
/** Refused credentials of one address, above which somebody is trying. */
const GUESSES = 20;
/** Sessions of one address that never had a credential, above which answers are what is wanted. */
const CHALLENGES = 200;

const NO_ORDER = { users: 0, firstFailed: 0, later: 0, laterFailed: 0 };

export interface SectionInput {
  readonly sources: readonly string[];
  readonly reader: LogReader;
  /** The last that were asked for, oldest first. */
  readonly sessions: readonly LogSession[];
  readonly sessionsLeftOut: number;
  /** Counts of the sessions that were asked for, where not all were. */
  readonly filtered: ReadonlyMap<LogCauseId, number> | null;
  /** Whether every session of each user was counted, within the time that was asked for. */
  readonly ordered: boolean;
  /** Whether verbose is set, where the configuration is known. */
  readonly verbose: boolean | null;
}

/** What was read, as the report has it. */
export function logSection({
  sources,
  reader,
  sessions,
  sessionsLeftOut,
  filtered,
  ordered,
  verbose,
}: SectionInput): LogSection {
  const { tallies, general } = reader;
  const order = ordered ? tallies.users.order() : NO_ORDER;
  return {
    sources,
    lines: reader.lines,
    bytes: reader.bytes,
    version: general.version,
    starts: general.starts,
    verbose: reader.sawVerbose ? true : verbose,
    from: reader.first === null ? null : logTime(reader.first),
    until: reader.last === null ? null : logTime(reader.last),
    sessionCount: tallies.sessions,
    outcomes: tallies.outcomes,
    firstCalls: { users: order.users, failed: order.firstFailed },
    laterCalls: { count: order.later, failed: order.laterFailed },
    counts: countsOf(filtered ?? tallies.causes),
    otherErrors: tallies.otherErrors.top(TOP),
    harmless: tallies.harmless.top(TOP).map(({ text, count }) => ({
      text,
      count,
      why: HARMLESS.find(known => known.text === text)?.why ?? '',
    })),
    deniedPeers: tallies.deniedPeers.top(TOP).map(({ text, count }) => ({ peer: text, count })),
    addresses: top(tallies.addresses.all()),
    users: top(tallies.users.all()),
    abuse: abuseIn(tallies),
    histogram: histogramOf(tallies, reader.first?.atMs != null),
    sessions,
    sessionsLeftOut: sessionsLeftOut + reader.evicted,
  };
}

/** Gravest first, in the order of the table of causes. */
function countsOf(causes: ReadonlyMap<LogCauseId, number>): LogCount[] {
  return (Object.keys(CAUSES) as LogCauseId[]).flatMap(cause => {
    const count = causes.get(cause) ?? 0;
    return count === 0 ? [] : [{ cause, count, ...CAUSES[cause] }];
  });
}

/** Those who failed most, then those who were there most. */
const top = (all: readonly Tally[]): Tally[] =>
  [...all].sort((a, b) => b.failed - a.failed || b.sessions - a.sessions).slice(0, TOP);

function abuseIn(tallies: Tallies): Abuse[] {
  const guessers = tallies.guessed.all().filter(({ sessions }) => sessions >= GUESSES);
  const askers = tallies.challenged.all().filter(({ sessions }) => sessions >= CHALLENGES);
  const targets = tallies.deniedPeers.top(5_000).filter(({ text }) => isOwnService(text));
  return [
    ...guessers.map(({ name, sessions }) => ({
      kind: 'brute-force' as const,
      who: name,
      count: sessions,
      evidence: `${sessions} sessions with a refused credential from ${name}`,
    })),
    ...askers.map(({ name, sessions }) => ({
      kind: 'reflection' as const,
      who: name,
      count: sessions,
      evidence: `${sessions} sessions of ${name} that never had a credential: its address may be forged, so that our answers hit it`,
    })),
    ...tallies.limited.top(TOP).map(({ text, count }) => ({
      kind: 'reflection' as const,
      who: text,
      count,
      evidence: `coturn held answers to ${text} back (rate limit)`,
    })),
    ...targets.slice(0, TOP).map(({ text, count }) => ({
      kind: 'peer-scan' as const,
      who: text,
      count,
      evidence: `${count} requests for ${text} through the relay were denied: no client has that peer, somebody looks for services of this host or its cloud`,
    })),
  ].sort((a, b) => b.count - a.count);
}

/** Loopback, unspecified and the metadata service: a browser offers its own private addresses, but never these. */
const isOwnService = (peer: string): boolean =>
  /^(?:127\.|0\.|169\.254\.169\.254$|::1$|::ffff:127\.|fd00:ec2::254$)/i.test(peer);

const SPANS_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 43_200, 525_600];
const BUCKETS = 16;
const MINUTE_MS = 60_000;

function histogramOf({ minutes }: Tallies, absolute: boolean): LogSection['histogram'] {
  const all = [...minutes.keys()];
  if (all.length === 0) return { bucketSeconds: 60, buckets: [] };
  const first = all.reduce((a, b) => Math.min(a, b));
  const last = all.reduce((a, b) => Math.max(a, b));
  const span = SPANS_MINUTES.find(candidate => (last - first) / candidate < BUCKETS) ?? 525_600;
  const from = Math.floor(first / span) * span;
  const buckets = Array.from({ length: Math.floor((last - from) / span) + 1 }, () => ({
    sessions: 0,
    failed: 0,
  }));
  for (const [minute, { sessions, failed }] of minutes) {
    const bucket = buckets[Math.floor((minute - from) / span)];
    if (bucket === undefined) continue;
    bucket.sessions += sessions;
    bucket.failed += failed;
  }
  return {
    bucketSeconds: span * 60,
    buckets: buckets.map((bucket, i): Bucket => {
      const minute = from + i * span;
      return { from: absolute ? new Date(minute * MINUTE_MS).toISOString() : minute * 60, ...bucket };
    }),
  };
}
