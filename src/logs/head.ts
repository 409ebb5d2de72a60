const COLON = 58;
const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const DASH = 45;
const CAPITAL_T = 84;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** `session ` and eighteen digits. */
const SESSION_LENGTH = 26;

/**
 * Where the parts of a line are. coturn has five prefixes: `2: msg` (4.5.1), `2: : msg` (4.5.2 to 4.6.1),
 * `2: (tid): INFO: msg` (4.6.2 to 4.16), an ISO time with either of their rests (`new-log-timestamp`), and
 * `2026-01-31T12:00:00.000+0000 INFO msg` (from 4.17). syslog, journald and Docker put their own in front.
 * One object for all lines: most are only glanced at.
 */
export class LineHead {
  /** Where the message begins. */
  messageAt = 0;
  /** Where the message begins once `session 001…: ` is left out. */
  bodyAt = 0;
  bodyEnd = 0;
  /** Where the eighteen digits of the session begin, or -1. */
  sessionAt = -1;
  /** Where an ISO time begins, or -1. */
  isoAt = -1;
  /** `Jan 31 12:00:00` of syslog, or -1. */
  syslogAt = -1;
  /** Seconds since the start, or -1. */
  uptime = -1;
  #from = 0;
  #to = 0;
  #prefixLength = 0;
  #hasTime = false;

  /** Finds session and message. Most lines have a prefix as long as the one before, and nobody asks for their time. */
  read(bytes: Buffer, from: number, to: number): void {
    this.#from = from;
    this.#to = to;
    const at = from + this.#prefixLength;
    if (
      bytes[at] === 115 &&
      bytes[at + 7] === SPACE &&
      bytes[at + SESSION_LENGTH] === COLON &&
      bytes[at - 1] === SPACE
    ) {
      this.#hasTime = false;
      this.messageAt = at;
      this.sessionAt = at + 8;
      this.bodyAt = at + SESSION_LENGTH + 2;
      this.bodyEnd = to;
      return;
    }
    this.#readWhole(bytes, from, to);
    this.#prefixLength = this.messageAt - from;
  }

  /** Reads the time of the line, into `isoAt`, `syslogAt` and `uptime`. */
  readTime(bytes: Buffer): void {
    if (!this.#hasTime) this.#readWhole(bytes, this.#from, this.#to);
  }

  #readWhole(bytes: Buffer, from: number, to: number): void {
    this.#hasTime = true;
    this.isoAt = -1;
    this.syslogAt = -1;
    this.uptime = -1;
    this.sessionAt = -1;
    let at = from;
    if (isDigit(bytes[from]) && bytes[from + 4] === DASH && bytes[from + 10] === CAPITAL_T) {
      this.isoAt = from;
      at = afterOwnTime(bytes, from, to);
      // The fast way for the lines of 4.17 and later: nothing stands in front of their messages.
      if (at !== -1) {
        this.messageAt = at;
        this.#findSession(bytes, at, to);
        return;
      }
      at = afterIso(bytes, from, to);
    } else if (isMonth(bytes, from)) {
      this.syslogAt = from;
      at = from + 16;
    }
    if (!isDigit(bytes[at])) at = afterProgram(bytes, at, to);
    if (isDigit(bytes[at]) && bytes[at + 4] === DASH && bytes[at + 10] === CAPITAL_T && at !== from) {
      this.isoAt = at;
      const own = afterOwnTime(bytes, at, to);
      at = own === -1 ? afterIso(bytes, at, to) : own;
    }
    at = this.#afterUptime(bytes, at, to);
    this.messageAt = at;
    this.#findSession(bytes, at, to);
  }

  /** `12: `, `12: : `, `12: (345): INFO: `; also the rest of it behind a time. */
  #afterUptime(bytes: Buffer, start: number, to: number): number {
    let at = start;
    if (isDigit(bytes[at])) {
      let value = 0;
      while (isDigit(bytes[at])) value = value * 10 + (bytes[at++] as number) - 48;
      if (bytes[at] !== COLON || bytes[at + 1] !== SPACE) return start;
      this.uptime = value;
      at += 2;
    }
    if (bytes[at] === COLON && bytes[at + 1] === SPACE) return at + 2;
    if (bytes[at] !== OPEN) return at;
    const close = bytes.indexOf(CLOSE, at);
    if (close === -1 || close > at + 12 || close > to || bytes[close + 1] !== COLON) return at;
    // `(tid): INFO: `
    const level = bytes.indexOf(COLON, close + 2);
    return level === -1 || level > close + 12 || level >= to ? close + 3 : level + 2;
  }

  /** In front up to 4.17, at the end from 4.18 on. */
  #findSession(bytes: Buffer, at: number, to: number): void {
    this.bodyAt = at;
    this.bodyEnd = to;
    if (bytes[at] === 115 && bytes[at + 7] === SPACE && bytes[at + SESSION_LENGTH] === COLON) {
      this.sessionAt = at + 8;
      this.bodyAt = at + SESSION_LENGTH + 2;
      return;
    }
    if (bytes[to - 1] !== CLOSE) return;
    if (bytes[to - 20] === SPACE && bytes[to - 21] === 110 && bytes[to - 27] === 115) {
      this.sessionAt = to - 19;
      // Of `(TCP socket, session …)` only the number is of interest.
      this.bodyEnd = to - 29;
      return;
    }
    // `(session 000000000000000003, check_stun_auth)`
    const open = bytes.lastIndexOf(OPEN, to - 1);
    if (open > at && bytes[open + 1] === 115 && bytes[open + 8] === SPACE && isDigit(bytes[open + 26])) {
      this.sessionAt = open + 9;
      this.bodyEnd = open - 1;
    }
  }
}

/** Behind a time: to what follows `: ` or a blank. */
function afterIso(bytes: Buffer, from: number, to: number): number {
  let at = from + 19;
  while (at < to && bytes[at] !== SPACE && !(bytes[at] === COLON && bytes[at + 1] === SPACE)) at += 1;
  // `…+0000: message` of new-log-timestamp up to 4.16.
  if (bytes[at] === COLON) {
    const level = at + 2;
    return bytes[level] === COLON ? level + 2 : level;
  }
  return at + 1;
}

/** The message of `2026-01-31T12:00:00.000+0000 INFO msg`; -1 where the line is another. */
function afterOwnTime(bytes: Buffer, from: number, to: number): number {
  if (bytes[from + 28] !== SPACE) return -1;
  let at = from + 29;
  while (at < to && isCapital(bytes[at])) at += 1;
  return at > from + 32 && bytes[at] === SPACE ? at + 1 : -1;
}

const isCapital = (byte: number | undefined): boolean => byte !== undefined && byte >= 65 && byte <= 90;

/** `host turnserver[123]: ` and `host turnserver: ` of syslog and journald. */
function afterProgram(bytes: Buffer, from: number, to: number): number {
  const match = /^.{0,64}?turnserver(?:\[\d+\])?: /.exec(
    bytes.toString('latin1', from, Math.min(to, from + 100)),
  );
  return match ? from + match[0].length : from;
}

/** `Jan 31 12:00:00 `. */
const isMonth = (bytes: Buffer, from: number): boolean =>
  isCapital(bytes[from]) &&
  bytes[from + 3] === SPACE &&
  bytes[from + 6] === SPACE &&
  bytes[from + 9] === COLON &&
  bytes[from + 12] === COLON &&
  bytes[from + 15] === SPACE;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Milliseconds since 1970 of the time that begins there; null where it is none. */
export function readIso(bytes: Buffer, from: number): number | null {
  const text = bytes.toString('latin1', from, from + 35);
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([.,]\d{1,9})?(?:Z|([+-]\d\d):?(\d\d))?/.exec(text);
  if (!match) return null;
  const [, time, fraction = '', hours = '+00', minutes = '00'] = match;
  const parsed = Date.parse(`${time}${fraction.replace(',', '.').slice(0, 4)}${hours}:${minutes}`);
  return Number.isNaN(parsed) ? null : parsed;
}

/** Of syslog's old form, which has neither year nor zone: the last such time up to `nowMs`, as UTC. */
export function readSyslogTime(bytes: Buffer, from: number, nowMs: number): number | null {
  const text = bytes.toString('latin1', from, from + 15);
  const month = MONTHS.indexOf(text.slice(0, 3));
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(7).split(':').map(Number);
  if (month === -1) return null;
  const inYear = (year: number) => Date.UTC(year, month, Number(text.slice(4, 6)), hours, minutes, seconds);
  const year = new Date(nowMs).getUTCFullYear();
  const DAY_MS = 86_400_000;
  return inYear(year) > nowMs + DAY_MS ? inYear(year - 1) : inYear(year);
}
