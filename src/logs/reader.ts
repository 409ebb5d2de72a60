import type { LogCauseId, LogSession } from '../model/log-report.ts';
import { maskSecrets } from '../util/mask.ts';
import { causeOfError, causeOfUnknown, HARMLESS } from './causes.ts';
import { LineHead, readIso, readSyslogTime } from './head.ts';
import { LineCutter } from './lines.ts';
import { type Moment, OpenSession } from './open-session.ts';
import { Tallies } from './tallies.ts';

export interface ReaderOptions {
  /** When this is read: syslog's times have no year. */
  readonly nowMs: number;
  /** Called for each session as it ends. */
  readonly onSession: (session: LogSession) => void;
}

/** Open sessions kept: a server that never says how they end must not fill the memory. */
const OPEN_KEPT = 20_000;
/** Addresses of TCP connections, to tell them from UDP when they end. */
const CONNECTIONS_KEPT = 20_000;

const [A, C, I, N, P, R, U] = [97, 99, 73, 110, 112, 114, 117];

/** Reads a log of coturn 4.5 to 4.18 once, line by line, in constant memory. */
export class LogReader {
  readonly tallies = new Tallies();
  readonly #cutter = new LineCutter((bytes, from, to) => this.#line(bytes, from, to));
  readonly #head = new LineHead();
  readonly #options: ReaderOptions;
  readonly #open = new Map<number, OpenSession>();
  /** Why the next 401 of a user is one: coturn says so one line before. */
  readonly #refused = new Map<string, LogCauseId>();
  readonly #connections = new Set<string>();
  #relayed: string[] = [];
  /** Allocations whose relayed address cannot be told, as lines of two threads came in between. */
  #ambiguous = 0;
  #lastUptime = -1;
  lines = 0;
  bytes = 0;
  run = 1;
  starts = 0;
  version: string | null = null;
  /** Whether a line was seen that only verbose writes. */
  sawVerbose = false;
  sawCoturn = false;
  evicted = 0;
  first: Moment | null = null;
  last: Moment | null = null;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  push(bytes: Buffer, length = bytes.length): void {
    this.bytes += length;
    this.#cutter.push(bytes, length);
  }

  /** The end of the log: what is open stays so, and is told as such. */
  end(): void {
    this.#cutter.end();
    for (const session of this.#open.values()) this.#tell(session, null, 'open');
    this.#open.clear();
  }

  /** For most lines of a log this is all that happens. */
  #line(bytes: Buffer, from: number, to: number): void {
    this.lines += 1;
    if (to === from) return;
    const head = this.#head;
    head.read(bytes, from, to);
    if (head.sessionAt === -1) return this.#general(bytes, to);
    const { bodyAt: at, bodyEnd: end } = head;
    const initial = bytes[at];
    if (initial === R) {
      // `realm <…` or `refreshed`
      if (bytes[at + 2] === A) {
        if (!endsInSuccess(bytes, end)) this.#error(bytes, at, end);
      } else this.#refreshed(bytes, at, end);
    } else if (initial === P) this.#peer(bytes, at, end);
    else if (initial === U) this.#usage(bytes, end, false);
    else if (initial === N) this.#new(bytes, at, end);
    else if (initial === C) this.#closed(bytes, at, end);
    else if (initial === A) {
      // `allocation new`, `allocation refreshed`, `allocation delete`
      if (bytes[at + 11] === N) this.#new(bytes, at + 11, end);
      else if (bytes[at + 11] === R) this.#refreshed(bytes, at + 11, end);
    } else if (bytes[at] !== 100 && bytes[at] !== 115 && bytes[at] !== 84) this.#general(bytes, to);
  }

  #moment(bytes: Buffer): Moment {
    const { isoAt, syslogAt, uptime } = this.#head;
    const atMs =
      isoAt !== -1
        ? readIso(bytes, isoAt)
        : syslogAt !== -1
          ? readSyslogTime(bytes, syslogAt, this.#options.nowMs)
          : null;
    const moment = { atMs, uptime: uptime === -1 ? null : uptime };
    this.first ??= moment;
    this.last = moment;
    if (uptime !== -1) {
      // A second line may be written by another thread a moment earlier.
      if (uptime + 1 < this.#lastUptime) this.#restarted(moment);
      this.#lastUptime = uptime;
    }
    return moment;
  }

  #session(bytes: Buffer): OpenSession {
    const { sessionAt } = this.#head;
    const key = sessionKey(bytes, sessionAt);
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    this.sawCoturn = true;
    const moment = this.#moment(bytes);
    const session = new OpenSession(copyOf(bytes, sessionAt, sessionAt + 18), this.run, moment);
    if (this.#open.size >= OPEN_KEPT) this.#evict();
    this.#open.set(key, session);
    return session;
  }

  #evict(): void {
    for (const [key, session] of this.#open) {
      this.#open.delete(key);
      this.evicted += 1;
      this.#tell(session, null, 'unknown');
      return;
    }
  }

  #new(bytes: Buffer, at: number, end: number): void {
    this.sawVerbose = true;
    const session = this.#session(bytes);
    const match = /^new, realm=<(.*?)>, username=<(.*?)>, lifetime=(\d+)(?:, cipher=.*, method=(\w+))?/.exec(
      bytes.toString('latin1', at, end),
    );
    if (!match) return;
    const [, realm = '', user = '', lifetime = '0', method] = match;
    session.realm = kept(realm);
    if (user !== '') session.user = kept(user);
    session.lifetimeSeconds = Number(lifetime);
    session.allocated = true;
    session.said = null;
    if (method !== undefined) session.secured = method.startsWith('DTLS') ? 'dtls' : 'tls';
    this.#giveRelayed(session);
  }

  /** The address stands on a line before, without a session: sure only while no other one is waiting. */
  #giveRelayed(session: OpenSession): void {
    if (this.#ambiguous > 0) {
      this.#ambiguous -= 1;
      return;
    }
    session.relayed.push(...this.#relayed);
    this.#relayed = [];
  }

  #keepRelayed(address: string): void {
    this.#relayed.push(address);
    // One allocation may have one of each family.
    const families = new Set(this.#relayed.map(known => known.startsWith('[') || known.split(':').length > 2));
    if (families.size === this.#relayed.length) return;
    this.#ambiguous += this.#relayed.length;
    this.#relayed = [];
  }

  #refreshed(bytes: Buffer, at: number, end: number): void {
    // `…, lifetime=0`, or `…, lifetime=0, cipher=…, method=TLSv1.3`
    const ends = bytes[end - 1] === 48 && bytes[end - 2] === 61;
    const secured = bytes[end - 4] === 118 && bytes[end - 2] === 46;
    if (ends || (secured && bytes.toString('latin1', at, end).includes(', lifetime=0, ')))
      this.#session(bytes).deleted = true;
  }

  /** `peer usage: …`, `peer A lifetime updated: 300`, `peer A deleted`. */
  #peer(bytes: Buffer, at: number, end: number): void {
    if (bytes[at + 5] === U) return this.#usage(bytes, end, true);
    if (bytes[end - 1] === 100) return;
    let hash = 7;
    let to = at + 5;
    while (to < end && bytes[to] !== 32) hash = (Math.imul(hash, 31) + (bytes[to++] as number)) | 0;
    const session = this.#session(bytes);
    if (session.isNewPeer(hash)) session.keepPeer(copyOf(bytes, at + 5, to));
  }

  /** `…, rp=5, rb=396, sp=4, sb=372`: what came since the last such line. Read from behind. */
  #usage(bytes: Buffer, end: number, peer: boolean): void {
    const session = this.#session(bytes);
    const counters = peer ? session.fromPeers : session.fromClient;
    let at = end - 1;
    for (const field of FIELDS) {
      let value = 0;
      let scale = 1;
      for (let byte = bytes[at] as number; byte >= 48 && byte <= 57; byte = bytes[--at] as number) {
        value += (byte - 48) * scale;
        scale *= 10;
      }
      counters[field] += value;
      // `, sb=`
      at -= 5;
    }
  }

  #closed(bytes: Buffer, at: number, end: number): void {
    const text = bytes.toString('latin1', at, end);
    const match =
      /^closed \((\S+) stage\), user <(.*)> realm <(.*)> origin <.*>, local (\S+), remote (\S+), reason: (.*)$/.exec(
        text,
      );
    if (!match) return;
    const [, stage, user = '', realm = '', , remote = '', reason = ''] = match;
    const session = this.#session(bytes);
    if (user !== '') session.user ??= kept(user);
    if (realm !== '') session.realm ??= kept(realm);
    session.remote = kept(remote);
    session.reason = kept(reason);
    session.overStream ||= this.#connections.delete(session.remote);
    if (stage !== '2nd') return;
    const spoke = session.allocated || session.errors.length > 0 || user !== '';
    if (!spoke && !/^TCP connection closed|watchdog|timeout/.test(reason)) {
      session.count('tls-handshake', null, 'handshake');
      this.tallies.countCause('tls-handshake');
    }
    const ended = this.#moment(bytes);
    this.#open.delete(sessionKey(bytes, this.#head.sessionAt));
    this.#tell(session, ended, 'closed');
  }

  #error(bytes: Buffer, at: number, end: number): void {
    const match = /user <(.*)>: incoming packet (\S+) processed, error (\d+): ?(.*)$/.exec(
      bytes.toString('latin1', at, end),
    );
    if (!match) return;
    this.sawVerbose = true;
    const [, latin = '', method = '', digits = '', reason = ''] = match;
    const code = Number(digits);
    const user = kept(latin);
    const session = this.#session(bytes);
    const realm = /^realm <(.*?)>|origin <.*?> realm <(.*?)>/.exec(bytes.toString('latin1', at, end));
    session.realm ??= kept(realm?.[1] ?? realm?.[2] ?? '');
    if (user !== '') session.user ??= user;
    const repeats = method === 'message' && session.said?.code === code;
    session.said = method === 'message' ? null : { code, method: kept(method) };
    if (repeats) return;
    const told = code === 401 && user !== '' ? this.#refused.get(user) : undefined;
    // What an ERROR line has said was counted there, as that is all there is without verbose.
    if (told !== undefined) this.#refused.delete(user);
    const cause =
      told ?? (code === 401 ? (user === '' ? 'challenge' : 'rejected-credential') : causeOfError(code, reason, method));
    session.count(cause, code, kept(method));
    if (told === undefined) this.tallies.countCause(cause);
  }

  #general(bytes: Buffer, to: number): void {
    const { messageAt } = this.#head;
    const initial = bytes[messageAt];
    // `IPv4. Local relay addr: …`, `IPv4. tcp or tls connected to: …`
    if (initial === I && bytes[messageAt + 1] === 80 && bytes[messageAt + 5] === 32) {
      const text = bytes.toString('latin1', messageAt + 7, Math.min(to, messageAt + 100));
      if (text.startsWith(' ')) return this.#address(text.slice(1));
      return this.#address(text);
    }
    if (initial === 68 || initial === 71) return;
    this.#message(bytes, bytes.toString('latin1', messageAt, Math.min(to, messageAt + 600)));
  }

  #address(text: string): void {
    const relay = /Local relay addr: (\S+)/.exec(text)?.[1];
    if (relay !== undefined) return this.#keepRelayed(kept(relay));
    const remote = /tcp or tls connected to: (\S+)/.exec(text)?.[1];
    if (remote === undefined) return;
    if (this.#connections.size >= CONNECTIONS_KEPT) this.#connections.clear();
    this.#connections.add(kept(remote));
  }

  #message(bytes: Buffer, text: string): void {
    const version = /Version Coturn-(\d+\.\d+\.\d+)/.exec(text)?.[1];
    if (version !== undefined) {
      this.version = kept(version);
      this.sawCoturn = true;
      this.starts += 1;
      if (this.#open.size > 0 || this.tallies.sessions > 0) this.#restarted(this.#moment(bytes));
      this.#lastUptime = -1;
      return;
    }
    if (this.#authError(bytes, text)) return;
    const denied = /A peer IP (\S+) denied/.exec(text)?.[1];
    if (denied !== undefined) {
      this.#moment(bytes);
      this.tallies.deniedPeers.add(kept(denied));
      return;
    }
    const limited = /rate-limit exceeded from (\S+)/.exec(text)?.[1];
    if (limited !== undefined) {
      this.tallies.countCause('rate-limited');
      this.tallies.limited.add(kept(limited.replace(/:\d+$/, '')));
      return;
    }
    const harmless = HARMLESS.find(({ pattern }) => pattern.test(text));
    if (harmless) return this.tallies.harmless.add(harmless.text);
    if (/^(?:ERROR|FATAL)\b|\b[Cc]annot\b|\b(?:ERROR|FATAL)\b|Permission denied|failed/.test(text))
      this.tallies.otherErrors.add(maskSecrets(kept(text.replace(/^(?:ERROR|WARNING|INFO): /, ''))));
  }

  /** Why a credential was refused. Up to 4.17 one line for several causes; from 4.18 on each has its own. */
  #authError(bytes: Buffer, text: string): boolean {
    const [user, cause] = this.#refusal(bytes, text);
    if (user === null || cause === null) return false;
    this.sawCoturn = true;
    this.tallies.countCause(cause);
    if (this.#refused.size >= 1_000) this.#refused.clear();
    this.#refused.set(user, cause);
    return true;
  }

  #refusal(bytes: Buffer, text: string): readonly [string | null, LogCauseId | null] {
    if (!text.includes('credentials')) return [null, null];
    const wrong = /user (.+) credentials are incorrect/.exec(text)?.[1];
    if (wrong !== undefined) return [kept(wrong), this.#wrongPassword(kept(wrong))];
    const expired = /credentials of user <(.*)> have expired/.exec(text)?.[1];
    if (expired !== undefined) return [kept(expired), 'expired'];
    const secret = /credentials of user <(.*)> are wrong/.exec(text)?.[1];
    if (secret !== undefined) return [kept(secret), 'wrong-secret'];
    const unknown = /Cannot find credentials of user <(.*)>/.exec(text)?.[1];
    if (unknown === undefined) return [null, null];
    const { atMs } = this.#moment(bytes);
    return [kept(unknown), causeOfUnknown(unknown, atMs === null ? null : atMs / 1000)];
  }

  #wrongPassword(user: string): LogCauseId {
    return /^\d{9,11}(?::|$)/.test(user) ? 'wrong-secret' : 'wrong-password';
  }

  #restarted(moment: Moment): void {
    for (const session of this.#open.values()) this.#tell(session, moment, 'restart');
    this.#open.clear();
    this.#connections.clear();
    this.#relayed = [];
    this.#ambiguous = 0;
    this.run += 1;
    this.#lastUptime = -1;
  }

  #tell(open: OpenSession, ended: Moment | null, how: 'closed' | 'restart' | 'open' | 'unknown'): void {
    const session = open.finish(ended, how);
    this.tallies.countSession(session, open.started);
    this.#options.onSession(session);
  }
}

const FIELDS = ['sentBytes', 'sentPackets', 'receivedBytes', 'receivedPackets'] as const;

/** `processed, success`. */
const endsInSuccess = (bytes: Buffer, end: number): boolean =>
  bytes[end - 1] === 115 && bytes[end - 7] === 115 && bytes[end - 9] === 44;

/** Eighteen digits as a number: those of the thread, and those that count. */
function sessionKey(bytes: Buffer, at: number): number {
  let thread = 0;
  let count = 0;
  for (let i = at; i < at + 3; i += 1) thread = thread * 10 + (bytes[i] as number) - 48;
  for (let i = at + 6; i < at + 18; i += 1) count = count * 10 + (bytes[i] as number) - 48;
  return thread * 1e12 + count;
}

/** Text of its own: a slice of a big string would keep all of it in memory. Names may be UTF-8. */
const kept = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

const copyOf = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);
