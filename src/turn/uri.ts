import type { ServerUri } from '../model/target.ts';
import type { Transport } from '../model/transport.ts';
import { parseIp } from '../util/ip.ts';

export type ParsedTarget = { readonly uris: readonly ServerUri[] } | { readonly problem: string };

type Scheme = ServerUri['scheme'];

const DEFAULT_PORT = 3478;
const DEFAULT_TLS_PORT = 5349;

/** Ports on which a bare HOST:PORT means TLS. */
const tlsPorts: readonly number[] = [DEFAULT_TLS_PORT, 443];

/**
 * Reads what a person points turnctl at: a STUN URI (RFC 7064) or TURN URI (RFC 7065), which names one server and
 * transport, or a bare host name, address, HOST:PORT or [IPv6]:PORT, which stands for TURN over every usual transport.
 */
export function parseServerUri(text: string): ParsedTarget {
  const trimmed = text.trim();
  if (trimmed === '') return problem('it is empty');
  if (/\s/.test(trimmed)) return problem('it contains a space');
  if (parseIp(trimmed)) return { uris: everyTransport(trimmed, undefined) };
  // A host name may stand before a colon too: what has a dot, or is followed by a port, is one.
  const scheme = /^([a-z][a-z0-9+-]*):(?!\d+(?:[/?#]|$))/i.exec(trimmed)?.[1];
  return scheme === undefined
    ? parseBare(trimmed)
    : parseUri(scheme.toLowerCase(), trimmed.slice(scheme.length + 1));
}

/** The domain whose SRV and NAPTR records say where its servers are: a bare name without a port (RFC 5928 §3). */
export function domainOf(text: string): string | undefined {
  const trimmed = text.trim();
  const parsed = parseServerUri(trimmed);
  if ('problem' in parsed || parseIp(trimmed) || /[:[]/.test(trimmed)) return undefined;
  return trimmed;
}

const problem = (reason: string): { readonly problem: string } => ({ problem: reason });

const isScheme = (text: string): text is Scheme => ['stun', 'stuns', 'turn', 'turns'].includes(text);

function parseBare(text: string): ParsedTarget {
  const authority = parseAuthority(text);
  return 'problem' in authority ? authority : { uris: everyTransport(authority.host, authority.port) };
}

function everyTransport(host: string, port: number | undefined): ServerUri[] {
  const udpAndTcp = (['udp', 'tcp'] as const).map(
    (transport): ServerUri => ({ scheme: 'turn', host, port: port ?? DEFAULT_PORT, transport }),
  );
  const tls: ServerUri = { scheme: 'turns', host, port: port ?? DEFAULT_TLS_PORT, transport: 'tls' };
  if (port === undefined) return [...udpAndTcp, tls];
  return tlsPorts.includes(port) ? [tls] : udpAndTcp;
}

function parseUri(scheme: string, rest: string): ParsedTarget {
  if (!isScheme(scheme)) {
    return problem(`the scheme "${scheme}:" is unknown: stun:, stuns:, turn: and turns: are known`);
  }
  if (rest.startsWith('//'))
    return problem(`"//" does not belong into a ${scheme}: URI: write ${scheme}:HOST`);
  const queryAt = rest.indexOf('?');
  const authority = parseAuthority(queryAt < 0 ? rest : rest.slice(0, queryAt));
  if ('problem' in authority) return authority;
  const transport = transportOf(scheme, queryAt < 0 ? undefined : rest.slice(queryAt + 1));
  if (typeof transport === 'object') return transport;
  const port = authority.port ?? (scheme.endsWith('s') ? DEFAULT_TLS_PORT : DEFAULT_PORT);
  return { uris: [{ scheme, host: authority.host, port, transport }] };
}

function transportOf(scheme: Scheme, query: string | undefined): Transport | { readonly problem: string } {
  const secure = scheme.endsWith('s');
  if (query === undefined) return secure ? 'tls' : 'udp';
  if (scheme === 'stun' || scheme === 'stuns') {
    return problem(
      `a ${scheme}: URI has no query ("?${query}"): RFC 7064 knows none, and browsers refuse it`,
    );
  }
  const value = /^transport=(.*)$/i.exec(query)?.[1]?.toLowerCase();
  if (value === undefined)
    return problem(`the query "?${query}" is none that RFC 7065 knows: ?transport=udp or ?transport=tcp`);
  if (value === 'tcp') return secure ? 'tls' : 'tcp';
  if (value !== 'udp')
    return problem(`the transport "${value}" is unknown: udp and tcp are known, TLS is turns:`);
  return secure
    ? problem('turns: with transport=udp is DTLS, which browsers ignore: use transport=tcp')
    : 'udp';
}

type Authority = { readonly host: string; readonly port: number | undefined };

function parseAuthority(text: string): Authority | { readonly problem: string } {
  if (text.includes('@'))
    return problem('it has a user part ("@"): user name and password are given apart from the URI');
  if (text.includes('/')) return problem('it has a path ("/"): only HOST and PORT belong there');
  if (text.includes('?') || text.includes('#'))
    return problem('it has a query without a scheme: write turn:HOST?transport=…');
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const bare = /^([^:[]*)(?::([^:]*))?$/.exec(text);
  const [, host, portText] = bracketed ?? bare ?? [];
  if (host === undefined) return problem(authorityProblem(text));
  const hostProblem = bracketed ? literalProblem(host) : nameProblem(host);
  if (hostProblem) return problem(hostProblem);
  if (portText === undefined) return { host, port: undefined };
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Number.NaN;
  return port >= 1 && port <= 65535 ? { host, port } : problem(`"${portText}" is no port: 1 to 65535`);
}

function authorityProblem(text: string): string {
  if (!text.includes('['))
    return 'it has more than one ":": an IPv6 address needs brackets, as [2001:db8::1]';
  return text.includes(']')
    ? 'only an IPv6 address in brackets and :PORT may stand there'
    : 'the bracket is not closed';
}

const literalProblem = (host: string): string | undefined =>
  host.includes(':') && parseIp(host) ? undefined : `"${host}" is no IPv6 address`;

function nameProblem(host: string): string | undefined {
  if (host === '') return 'the host is empty';
  // Anything that ends in a number is an address or nothing, as in browsers.
  if (/^[\d.]+$/.test(host)) return parseIp(host) ? undefined : `"${host}" is no IPv4 address`;
  if (host.length > 253) return 'the host name is longer than 253 characters';
  if (/[^\u0000-\u007f]/.test(host)) return `"${host}" is not ASCII: write its xn-- form, as clients must`;
  const label = host
    .replace(/\.$/, '')
    .split('.')
    .find(part => !/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(part));
  return label === undefined
    ? undefined
    : `"${host}" is no host name${label === '' ? ': a label is empty' : ''}`;
}
