import type { ServerUri } from '../model/target.ts';
import { parsePort } from '../util/port-range.ts';

/** Why a browser refuses a URL of `iceServers`; `ignored` is what it only passes over. */
export interface UrlFault {
  readonly problem: string;
  readonly corrected?: string;
}

const SYNTAX =
  /^([a-z]+):(\/\/)?(?:([^@]*)@)?(\[[^\]]*\]|[^:/?#[\]]*)(?::([^/?#]*))?([/#][^?]*)?(?:\?(.*))?$/i;

/** Reads a URL as browsers do: RFC 7064 §3.1 for stun and stuns, RFC 7065 §3.1 for turn and turns. */
export function parseIceUrl(text: string): ServerUri | UrlFault {
  const match = SYNTAX.exec(text);
  if (!match) return { problem: 'it has no scheme and host' };
  const [, scheme = '', slashes, user, bracketed = '', portText, path, query] = match;
  const kind = scheme.toLowerCase();
  if (kind !== 'stun' && kind !== 'stuns' && kind !== 'turn' && kind !== 'turns') {
    return { problem: `${scheme}: is no scheme of STUN or TURN` };
  }
  if (slashes) return { problem: 'a // follows the scheme', corrected: text.replace('//', '') };
  if (user !== undefined)
    return { problem: 'it holds a user part; user name and credential are fields of their own' };
  const host = bracketed.replace(/^\[|\]$/g, '');
  if (host === '') return { problem: 'it has no host (an IPv6 address needs brackets)' };
  if (path) return { problem: 'it has a path' };
  const secure = kind.endsWith('s');
  const port = portText === undefined ? (secure ? 5349 : 3478) : parsePort(portText);
  if (port === null || port === 0) return { problem: `"${portText}" is no port` };
  if (query === undefined) return { scheme: kind, host, port, transport: secure ? 'tls' : 'udp' };
  if (kind === 'stun' || kind === 'stuns') {
    return { problem: `a ${kind}: URL has no query`, corrected: text.replace(/\?.*$/, '') };
  }
  const transport = /^transport=(udp|tcp)$/i.exec(query)?.[1]?.toLowerCase();
  if (transport === undefined) return { problem: `"?${query}" is not ?transport=udp or ?transport=tcp` };
  return { scheme: kind, host, port, transport: secure ? 'tls' : transport === 'udp' ? 'udp' : 'tcp' };
}
