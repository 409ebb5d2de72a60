import type { LogCauseId, LogCount } from '../model/log-report.ts';

type Cause = Pick<LogCount, 'title' | 'severity' | 'code' | 'meaning'>;

/** What each cause means, the gravest first. */
export const CAUSES: Readonly<Record<LogCauseId, Cause>> = {
  'wrong-secret': {
    title: '401 wrong secret',
    severity: 'error',
    code: 401,
    meaning: 'the application signs with another secret than static-auth-secret',
  },
  expired: {
    title: '401 expired',
    severity: 'error',
    code: 401,
    meaning:
      'the time in the user name is past: the client kept its credential too long, or a clock is wrong',
  },
  'time-in-milliseconds': {
    title: '401 time in milliseconds',
    severity: 'error',
    code: 401,
    meaning: 'the time in the user name is in milliseconds, where coturn reads seconds',
  },
  'wrong-password': {
    title: '401 wrong password',
    severity: 'error',
    code: 401,
    meaning: 'the user is known and the password, or the realm its key was made with, is another',
  },
  'unknown-user': {
    title: '401 unknown user',
    severity: 'error',
    code: 401,
    meaning: 'coturn has no such user; or the user database did not answer',
  },
  'rejected-credential': {
    title: '401 credential refused',
    severity: 'error',
    code: 401,
    meaning: 'wrong secret or expired: this coturn says no more, and the log has no times to compare with',
  },
  'no-relay-port': {
    title: '508 no relay port',
    severity: 'error',
    code: 508,
    meaning: 'min-port..max-port is used up, or relay-ip is no address of this host',
  },
  quota: {
    title: '486 quota reached',
    severity: 'error',
    code: 486,
    meaning: 'user-quota or total-quota; a browser makes an allocation for each TURN URL',
  },
  'transport-refused': {
    title: '442 transport not allowed',
    severity: 'error',
    code: 442,
    meaning: 'no-udp-relay or no-tcp-relay',
  },
  'peer-denied': {
    title: '403 peer denied',
    severity: 'warning',
    code: 403,
    meaning: 'denied-peer-ip, or a loopback address: right for strangers, wrong for a media server of yours',
  },
  draining: {
    title: '403 draining',
    severity: 'warning',
    code: 403,
    meaning: 'coturn was told to drain and takes no new allocations',
  },
  'other-credentials': {
    title: '441 other credentials',
    severity: 'warning',
    code: 441,
    meaning: 'a request with another user than the allocation was made with',
  },
  'allocation-mismatch': {
    title: '437 allocation exists',
    severity: 'warning',
    code: 437,
    meaning:
      'the same 5-tuple allocated twice: the same TURN URL twice in the list, or a client that restarted',
  },
  'wrong-nonce': {
    title: '438 wrong nonce',
    severity: 'warning',
    code: 438,
    meaning: 'the nonce was given to another 5-tuple: a NAT or a load balancer moves packets of one client',
  },
  'tls-handshake': {
    title: 'TLS or protocol failed',
    severity: 'warning',
    code: null,
    meaning:
      'closed before the first TURN message: a failed handshake, or no TURN client at all (HTTP, a scanner)',
  },
  'rate-limited': {
    title: 'answers held back',
    severity: 'warning',
    code: null,
    meaning: 'one source asked without credentials faster than the rate limit allows',
  },
  'bad-request': {
    title: '400 bad request',
    severity: 'warning',
    code: 400,
    meaning: 'a request that this server cannot read; with a good user name, often blanks in realm',
  },
  other: {
    title: 'other error',
    severity: 'warning',
    code: null,
    meaning: 'each code and its words stand below',
  },
  'stale-nonce': {
    title: '438 stale nonce',
    severity: 'harmless',
    code: 438,
    meaning: 'the nonce was older than stale-nonce: the client takes the new one and goes on',
  },
  'allocation-gone': {
    title: '437 allocation is gone',
    severity: 'harmless',
    code: 437,
    meaning: 'a Refresh or permission after the allocation had ended; usual when a call is torn down',
  },
  challenge: {
    title: '401 challenge',
    severity: 'harmless',
    code: 401,
    meaning: 'the first request of each client, which it sends without credentials: no error',
  },
};

/** What an error response stands for; 401 of a user is told by the line before it. */
export function causeOfError(code: number, reason: string, method: string): LogCauseId {
  switch (code) {
    case 400:
      return 'bad-request';
    case 403:
      return /drain/i.test(reason) || method === 'ALLOCATE' ? 'draining' : 'peer-denied';
    case 437:
      return /^Mismatched/.test(reason) || method === 'ALLOCATE' ? 'allocation-mismatch' : 'allocation-gone';
    case 438:
      return /^Wrong/.test(reason) ? 'wrong-nonce' : 'stale-nonce';
    case 441:
      return 'other-credentials';
    case 442:
      return 'transport-refused';
    case 486:
      return 'quota';
    case 508:
      return 'no-relay-port';
    default:
      return 'other';
  }
}

/**
 * Why a user was refused where coturn only says that it cannot find the credentials (up to 4.17 with a shared secret).
 * `nowSeconds`: when the line was written, where that is known.
 */
export function causeOfUnknown(user: string, nowSeconds: number | null): LogCauseId {
  const digits = /^(\d{9,})(?::|$)/.exec(user)?.[1] ?? /:(\d{9,})$/.exec(user)?.[1];
  if (digits === undefined) return 'unknown-user';
  if (digits.length >= 12) return 'time-in-milliseconds';
  if (nowSeconds === null) return 'rejected-credential';
  return Number(digits) < nowSeconds ? 'expired' : 'wrong-secret';
}

interface Harmless {
  readonly pattern: RegExp;
  readonly text: string;
  readonly why: string;
}

/** Lines that frighten and mean nothing. */
export const HARMLESS: readonly Harmless[] = [
  {
    pattern: /^socket: Protocol not supported/,
    text: 'socket: Protocol not supported',
    why: 'this kernel has no SCTP; TURN does not use it',
  },
  {
    pattern: /cannot support STUN CHANGE_REQUEST/,
    text: 'I cannot support STUN CHANGE_REQUEST functionality',
    why: 'only NAT behaviour tests (RFC 5780) need a second address',
  },
  {
    pattern: /compiled without prometheus/,
    text: 'turnserver compiled without prometheus support',
    why: 'a build without metrics',
  },
  {
    pattern: /[Ee]mpty cli-password/,
    text: 'Empty cli-password',
    why: 'the telnet console stays off, as it should',
  },
  {
    pattern: /annot create pid file|pid file.*(?:denied|cannot)/i,
    text: 'cannot create pid file',
    why: 'nothing reads it under systemd',
  },
  {
    pattern: /Bad configuration format: no-(?:tlsv1|stdout-log|loopback-peers)/,
    text: 'Bad configuration format of an option that was removed',
    why: 'what it asked for is the default now',
  },
  {
    pattern: /DTLS Socket lost packet/,
    text: 'DTLS Socket lost packet... fine',
    why: 'coturn says it itself',
  },
];
