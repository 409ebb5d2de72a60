import type { Failure } from '../model/outcome.ts';

const UNREACHABLE = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EACCES',
  'EPERM',
  'EINVAL',
]);

const WORDS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'connection refused (ICMP port unreachable or TCP reset)',
  EHOSTUNREACH: 'host unreachable, or refused by a firewall with ICMP',
  ENETUNREACH: 'network unreachable: no route',
  EADDRNOTAVAIL: 'no local address for it',
  EAFNOSUPPORT: 'this host has no such address family',
  EPERM: 'sending is forbidden by a firewall on this host',
  EACCES: 'sending is forbidden on this host',
  ECONNRESET: 'connection reset by the other side',
  EPIPE: 'connection closed by the other side',
};

/** The code of a system error, or undefined for any other value. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What a socket error means for a conversation: refused, unreachable or closed. `EHOSTUNREACH` keeps its code in the text. */
export function failureOf(error: Error): Failure {
  const code = codeOf(error);
  const text = code && WORDS[code] ? `${code}: ${WORDS[code]}` : error.message;
  if (code === 'ECONNREFUSED') return { outcome: 'refused', error: text };
  if (code !== undefined && UNREACHABLE.has(code)) return { outcome: 'unreachable', error: text };
  return { outcome: 'closed', error: text };
}
