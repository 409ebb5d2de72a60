import { causeOfError } from './causes.ts';
import { addUsage, copied, countOf, endsInSuccess, isChallenge, kept, threadOf } from './fields.ts';
import { GeneralLines } from './general-lines.ts';
import { LineHead, readIso, readSyslogTime } from './head.ts';
import { LineCutter } from './lines.ts';
import { RelayedAddresses } from './relayed-addresses.ts';
import { type Moment, Session } from './session.ts';
import { SessionTable } from './session-table.ts';
import { Tallies } from './tallies.ts';

export interface ReaderOptions {
  /** When this is read: syslog's times have no year. */
  readonly nowMs: number;
  /** Called for each session as it ends. False where it is to be left out of all counts. */
  readonly onSession: (session: Session) => boolean;
}

/** Addresses of TCP connections, to tell them from UDP when they end. */
const CONNECTIONS_KEPT = 20_000;

const [A, C, I, N, O, P, R, U] = [97, 99, 73, 110, 111, 112, 114, 117];
/** `delete`, `socket closed remotely`, `TCP socket …`, `TLS/TCP socket …`: said again by `closed`. */
const SILENT: ReadonlySet<number> = new Set([100, 115, 84]);

/** Reads a log of coturn 4.5 to 4.18 once, line by line, in constant memory. */
export class LogReader {
  readonly tallies = new Tallies();
  readonly general = new GeneralLines(this.tallies);
  readonly #cutter = new LineCutter((bytes, from, to) => this.#line(bytes, from, to));
  readonly #head = new LineHead();
  readonly #options: ReaderOptions;
  readonly #open = new SessionTable();
  readonly #connections = new Set<string>();
  #latest: Session | null = null;
  #latestThread = -1;
  #latestCount = -1;
  readonly #relayed = new RelayedAddresses();
  readonly #words = new Map<string, string>();
  #serial = 0;
  #lastUptime = -1;
  lines = 0;
  bytes = 0;
  run = 1;
  /** Whether a line was seen that only verbose writes. */
  sawVerbose = false;
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
    this.#endAll(null, 'open');
  }

  /** For most lines this is all. Zeros in front are blocks that were not written when the power went. */
  #line(bytes: Buffer, start: number, end: number): void {
    this.lines += 1;
    let from = start;
    while (bytes[from] === 0 && from < end) from += 1;
    const to = bytes[end - 1] === 13 ? end - 1 : end;
    if (to <= from) return;
    const head = this.#head;
    head.read(bytes, from, to);
    if (head.sessionAt === -1 || !this.#ofSession(bytes)) this.#noSession(bytes, to);
  }

  /** False for what no session is about, though one is named. */
  #ofSession(bytes: Buffer): boolean {
    const { bodyEnd: end } = this.#head;
    let at = this.#head.bodyAt;
    // `allocation new`, `allocation refreshed`, `allocation delete` of 4.18
    if (bytes[at] === A && bytes[at + 10] === 32) at += 11;
    const initial = bytes[at];
    if (initial === R) {
      // `realm <…`, or `refreshed`
      if (bytes[at + 2] !== A) this.#refreshed(bytes, at, end);
      else if (!endsInSuccess(bytes, end)) this.#error(bytes, at, end);
    } else if (initial === P) this.#peer(bytes, at, end);
    else if (initial === U) {
      // `usage`, or `user … credentials are incorrect`
      if (bytes[at + 2] !== A) return false;
      addUsage(bytes, end, this.#session(bytes).fromClient);
    } else if (initial === N) this.#new(bytes, at, end);
    else if (initial === C) this.#closed(bytes, at, end);
    // `origin <…> realm <…> user <…>: …`
    else if (initial === O && bytes[at + 1] === R) {
      if (!endsInSuccess(bytes, end)) this.#error(bytes, at, end);
    } else return SILENT.has(initial as number);
    return true;
  }

  #moment(bytes: Buffer): Moment {
    this.#head.readTime(bytes);
    const { isoAt, syslogAt, uptime } = this.#head;
    const atMs =
      isoAt !== -1
        ? readIso(bytes, isoAt)
        : syslogAt !== -1
          ? readSyslogTime(bytes, syslogAt, this.#options.nowMs)
          : null;
    const moment = { atMs, uptime: uptime === -1 ? null : uptime };
    if (atMs !== null || uptime !== -1) {
      this.first ??= moment;
      this.last = moment;
    }
    return moment;
  }

  #session(bytes: Buffer): Session {
    const { sessionAt } = this.#head;
    const thread = threadOf(bytes, sessionAt);
    const count = countOf(bytes, sessionAt);
    // Lines of one session come together.
    if (this.#latest !== null && thread === this.#latestThread && count === this.#latestCount)
      return this.#latest;
    this.#latestThread = thread;
    this.#latestCount = count;
    this.#latest = this.#open.find(thread, count) ?? this.#begin(bytes, thread, count);
    return this.#latest;
  }

  #begin(bytes: Buffer, thread: number, count: number): Session {
    const { sessionAt } = this.#head;
    const moment = this.#moment(bytes);
    this.#noticeRestart(moment);
    const id = bytes.toString('latin1', sessionAt, sessionAt + 18);
    const session = new Session(id, this.run, moment, this.#serial++);
    const evicted = this.#open.add(thread, count, session);
    if (evicted !== undefined) {
      this.evicted += 1;
      this.#tell(evicted, null, 'unknown');
    }
    return session;
  }

  /** Where the start itself is not in the log, seconds that go backwards tell of it; threads write a moment apart. */
  #noticeRestart(moment: Moment): void {
    const { uptime } = moment;
    if (uptime === null) return;
    if (uptime + 2 < this.#lastUptime) this.#restarted(moment);
    this.#lastUptime = uptime;
  }

  #new(bytes: Buffer, at: number, end: number): void {
    const match = /^new, realm=<(.*?)>, username=<(.*)>, lifetime=(\d+)(?:, cipher=.*, method=(\w+))?/.exec(
      bytes.toString('latin1', at, end),
    );
    if (!match) return;
    this.sawVerbose = true;
    const session = this.#session(bytes);
    const [, realm = '', user = '', lifetime = '0', method] = match;
    session.realm ??= this.#word(realm);
    if (user !== '') session.user = kept(user);
    session.lifetimeSeconds = Number(lifetime);
    session.allocated = true;
    session.said = null;
    if (method !== undefined) session.secured = method.startsWith('DTLS') ? 'dtls' : 'tls';
    session.relayed = session.relayed.concat(this.#relayed.take());
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
    if (bytes[at + 5] === U) {
      addUsage(bytes, end, this.#session(bytes).fromPeers);
      return;
    }
    if (bytes[end - 1] === 100) return;
    let hash = 7;
    let to = at + 5;
    while (to < end && bytes[to] !== 32) hash = (Math.imul(hash, 31) + (bytes[to++] as number)) | 0;
    const session = this.#session(bytes);
    if (session.isNewPeer(hash)) session.keepPeer(bytes.toString('latin1', at + 5, to));
  }

  /** `closed (2nd stage), user <…> realm <…> origin <…>, local …, remote …, reason: …`. */
  #closed(bytes: Buffer, at: number, end: number): void {
    const text = bytes.toString('latin1', at, end);
    const reasonAt = text.lastIndexOf(', reason: ');
    const remoteAt = text.lastIndexOf(', remote ', reasonAt);
    if (remoteAt === -1) return;
    this.sawVerbose = true;
    const session = this.#session(bytes);
    if (session.user === null) this.#name(session, text);
    session.remote = kept(text.slice(remoteAt + 9, reasonAt));
    session.reason = this.#word(text.slice(reasonAt + 10));
    session.overStream ||= this.#connections.delete(session.remote);
    // `closed (1st stage)` is followed by the second.
    if (text.startsWith('1', 8)) return;
    const spoke = session.allocated || session.errors.length > 0 || session.user !== null;
    if (!spoke && !/^TCP connection closed|watchdog|timeout/.test(session.reason)) {
      session.count('tls-handshake', null, 'handshake');
      this.tallies.countCause('tls-handshake');
    }
    const { sessionAt } = this.#head;
    this.#open.remove(threadOf(bytes, sessionAt), countOf(bytes, sessionAt));
    this.#latest = null;
    this.#tell(session, this.#moment(bytes), 'closed');
  }

  #name(session: Session, text: string): void {
    const [, user = '', realm = ''] = /user <(.*)> realm <(.*?)>/.exec(text) ?? [];
    if (user !== '') session.user = kept(user);
    if (realm !== '') session.realm ??= this.#word(realm);
  }

  /** A reason or a realm: there are a dozen, each of them a thousand times. */
  #word(text: string): string {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    const word = copied(kept(text));
    if (this.#words.size < 1_000) this.#words.set(copied(text), word);
    return word;
  }

  #error(bytes: Buffer, at: number, end: number): void {
    if (isChallenge(bytes, end)) {
      this.sawVerbose = true;
      this.#session(bytes).count('challenge', 401, 'message');
      this.tallies.countCause('challenge');
      return;
    }
    const match = /(?:realm <(.*?)> )?user <(.*)>: incoming packet (\S+) processed, error (\d+): ?(.*)$/.exec(
      bytes.toString('latin1', at, end),
    );
    if (!match) return;
    this.sawVerbose = true;
    const [, realm = '', name = '', method = '', digits = '', reason = ''] = match;
    const code = Number(digits);
    const user = kept(name);
    const session = this.#session(bytes);
    session.realm ??= this.#word(realm);
    if (user !== '') session.user ??= user;
    const repeats = method === 'message' && session.said?.code === code;
    session.said = method === 'message' ? null : { code, method };
    if (repeats) return;
    // What an ERROR line has said was counted there.
    const told = code === 401 && user !== '' ? this.general.takeRefusal(user) : undefined;
    const refused = user === '' ? 'challenge' : 'rejected-credential';
    const cause = told ?? (code === 401 ? refused : causeOfError(code, reason, method));
    if (cause === 'other') this.tallies.otherErrors.add(`error ${code} ${kept(reason)}`.trim());
    session.count(cause, code, kept(method));
    if (told === undefined) this.tallies.countCause(cause);
  }

  #noSession(bytes: Buffer, to: number): void {
    const { messageAt: at } = this.#head;
    // `IPv4. Local relay addr: …`, `IPv4. tcp or tls connected to: …`
    if (bytes[at] === I && bytes[at + 1] === 80 && bytes[at + 5] === 32) {
      this.#address(bytes.toString('latin1', at + 6, Math.min(to, at + 100)));
      return;
    }
    // `Global turn allocation count …`
    if (bytes[at] === 71) return;
    const text = bytes.toString('latin1', at, Math.min(to, at + 600));
    if (this.general.read(text, () => this.#moment(bytes).atMs)) this.#restarted(this.#moment(bytes));
  }

  #address(text: string): void {
    if (text.startsWith('Local relay addr: ')) this.#relayed.keep(kept(text.slice(18)));
    if (!text.startsWith('tcp or tls connected to: ')) return;
    if (this.#connections.size >= CONNECTIONS_KEPT) this.#connections.clear();
    this.#connections.add(kept(text.slice(25)));
  }

  #restarted(moment: Moment): void {
    if (this.#open.size > 0 || this.tallies.sessions > 0) this.run += 1;
    this.#endAll(moment, 'restart');
    this.#connections.clear();
    this.#relayed.forget();
    this.#lastUptime = -1;
  }

  #endAll(moment: Moment | null, how: 'restart' | 'open'): void {
    this.#latest = null;
    for (const session of this.#open.clear()) this.#tell(session, moment, how);
  }

  #tell(session: Session, ended: Moment | null, how: 'closed' | 'restart' | 'open' | 'unknown'): void {
    session.end(ended, how);
    if (this.#options.onSession(session)) this.tallies.countSession(session);
  }
}
