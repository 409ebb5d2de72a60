import type { LogCauseId, SessionOutcome, Tally } from '../model/log-report.ts';
import { copied } from './fields.ts';
import type { Moment, Session } from './session.ts';

/** Above this many different names the rest is counted in sums alone. */
const NAMES_KEPT = 50_000;

interface Counted {
  sessions: number;
  failed: number;
  bytes: number;
  /** Of the first session, which may well end last. */
  firstSerial: number;
  firstFailed: boolean;
}

/** Sessions that are failures to whoever waits for a call. */
const isFailure = (outcome: SessionOutcome): boolean => outcome === 'refused' || outcome === 'tls-failed';

/** Counts by name, bounded. */
class Names {
  readonly #names = new Map<string, Counted>();

  add(name: string, failed: boolean, bytes: number, serial = 0): void {
    let counted = this.#names.get(name);
    if (counted === undefined) {
      if (this.#names.size >= NAMES_KEPT) return;
      counted = { sessions: 0, failed: 0, bytes: 0, firstSerial: serial, firstFailed: failed };
      this.#names.set(copied(name), counted);
    }
    counted.sessions += 1;
    if (failed) counted.failed += 1;
    counted.bytes += bytes;
    if (serial < counted.firstSerial) Object.assign(counted, { firstSerial: serial, firstFailed: failed });
  }

  all(): Tally[] {
    return [...this.#names].map(([name, { sessions, failed, bytes }]) => ({ name, sessions, failed, bytes }));
  }

  /** First sessions against later ones. */
  order(): {
    readonly users: number;
    readonly firstFailed: number;
    readonly later: number;
    readonly laterFailed: number;
  } {
    const all = [...this.#names.values()];
    const firstFailed = all.filter(counted => counted.firstFailed).length;
    const sum = (of: (counted: Counted) => number) => all.reduce((total, counted) => total + of(counted), 0);
    return {
      users: all.length,
      firstFailed,
      later: sum(({ sessions }) => sessions) - all.length,
      laterFailed: sum(({ failed }) => failed) - firstFailed,
    };
  }
}

/** How often each text came up, the first of them kept. */
export class Texts {
  readonly #counts = new Map<string, number>();
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }

  add(text: string): void {
    const known = this.#counts.get(text);
    if (known !== undefined) this.#counts.set(text, known + 1);
    else if (this.#counts.size < this.#most) this.#counts.set(copied(text), 1);
  }

  /** Most frequent first. */
  top(count: number): { text: string; count: number }[] {
    return [...this.#counts]
      .map(([text, times]) => ({ text, count: times }))
      .sort((a, b) => b.count - a.count)
      .slice(0, count);
  }
}

/** `1795529900:carol` is carol: a time-limited name is another one each time. */
export function personOf(user: string): string {
  const colon = user.indexOf(':');
  if (colon < 9 || colon === user.length - 1) return user;
  for (let i = 0; i < colon; i += 1) {
    const code = user.charCodeAt(i);
    if (code < 48 || code > 57) return user;
  }
  return user.slice(colon + 1);
}

/** `198.51.100.1:4000` without its port. */
const withoutPort = (address: string): string => address.slice(0, Math.max(0, address.lastIndexOf(':')));

const MINUTE_MS = 60_000;
const MINUTES_KEPT = 100_000;

/** Everything that is counted, in constant memory. */
export class Tallies {
  readonly causes = new Map<LogCauseId, number>();
  readonly outcomes: Record<SessionOutcome, number> = {
    relayed: 0,
    'one-way': 0,
    'no-data': 0,
    refused: 0,
    'challenge-only': 0,
    'tls-failed': 0,
    nothing: 0,
  };
  readonly users = new Names();
  readonly addresses = new Names();
  /** Sessions without any credential, by address. */
  readonly challenged = new Names();
  /** Refused credentials, by address. */
  readonly guessed = new Names();
  readonly deniedPeers = new Texts(5_000);
  readonly otherErrors = new Texts(2_000);
  readonly harmless = new Texts(100);
  readonly limited = new Texts(5_000);
  /** Sessions and failures by minute. */
  readonly minutes = new Map<number, { sessions: number; failed: number }>();
  sessions = 0;

  countCause(cause: LogCauseId): void {
    this.causes.set(cause, (this.causes.get(cause) ?? 0) + 1);
  }

  countSession(session: Session): void {
    const { outcome, fromClient, user, remote } = session;
    this.sessions += 1;
    this.outcomes[outcome] += 1;
    const failed = isFailure(outcome);
    const bytes = fromClient.receivedBytes + fromClient.sentBytes;
    if (user !== null) this.users.add(personOf(user), failed, bytes, session.serial);
    if (remote !== null) this.#countAddress(session, withoutPort(remote), outcome, bytes);
    this.#countMinute(session.started, failed);
  }

  #countAddress({ errors }: Session, address: string, outcome: SessionOutcome, bytes: number): void {
    this.addresses.add(address, isFailure(outcome), bytes);
    if (outcome === 'challenge-only') this.challenged.add(address, false, 0);
    const guesses = errors.some(({ cause }) => GUESSES.has(cause));
    if (guesses) this.guessed.add(address, true, 0);
  }

  #countMinute({ atMs, uptime }: Moment, failed: boolean): void {
    const ms = atMs ?? (uptime === null ? null : uptime * 1000);
    if (ms === null) return;
    const minute = Math.floor(ms / MINUTE_MS);
    let bucket = this.minutes.get(minute);
    if (bucket === undefined) {
      if (this.minutes.size >= MINUTES_KEPT) return;
      bucket = { sessions: 0, failed: 0 };
      this.minutes.set(minute, bucket);
    }
    bucket.sessions += 1;
    if (failed) bucket.failed += 1;
  }
}

/** What trying passwords looks like. */
const GUESSES: ReadonlySet<LogCauseId> = new Set<LogCauseId>([
  'wrong-password',
  'unknown-user',
  'wrong-secret',
]);
