/** An error of gathering, for a person: what happened, and what to look at. Codes of RFC 8489 §14.8 and RFC 8656 §19, and 701. */
export function plainError(code: number, text: string): string {
  if (code === 701) return `${silence(text)} (701)`;
  const known = REFUSALS[code];
  return known === undefined
    ? `The server refused with ${code}${text ? `, “${text}”` : ''}.`
    : `${known} (${code})`;
}

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The server took the request for a broken one: maybe something else listens on this port.',
  401: 'The server refused the name or the password: the secrets differ, or the credential is too old.',
  403: 'The server forbids it.',
  438: 'The server kept asking for a newer nonce.',
  441: 'The server saw a credential of somebody else in use here.',
  442: 'The server does not relay over this transport.',
  486: 'The quota for this user is used up.',
  500: 'The server had a fault of its own.',
  508: 'The server has no relay port left.',
};

/** 701 is no answer of a server: the browser got none that it could use, and its text says where it stopped. */
function silence(text: string): string {
  if (/lookup|resolve|dns/i.test(text)) return 'The name of the server could not be resolved.';
  if (/certificate|tls|ssl/i.test(text)) return 'TLS failed: look at the certificate, and at the name in it.';
  if (/timed? ?out|timeout/i.test(text))
    return 'No answer: a firewall drops the packets, or nothing listens there.';
  return 'The server was not reached: nothing listens there, a firewall is in the way, or TLS failed.';
}

/** Milliseconds for people: `64 ms`, `1.2 s`. */
export const time = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** `192.0.2.1:49160`, `[2001:db8::1]:49160`. */
export const hostAndPort = (host: string, port: number | string): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
