import type { TurnCredentials } from './credential-cache.ts';

/** `turn:HOST:PORT?transport=udp`, defaults written out: two spellings of one listener are equal. */
function listenerOf(uri: string): string {
  const [, scheme = '', rest = '', query = ''] =
    /^(stuns?|turns?):([^?]*)(?:\?transport=(\w+))?$/i.exec(uri) ?? [];
  const secure = scheme.toLowerCase().endsWith('s');
  const [, host = '', port = secure ? '5349' : '3478'] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(rest) ?? [];
  const transport = query.toLowerCase() || (secure ? 'tcp' : 'udp');
  return `${secure ? 's' : ''} ${host.toLowerCase()} ${port} ${transport}`;
}

/**
 * The list for RTCPeerConnection: each listener once, and no stun: URI for one that is there as turn:. Browsers send Binding
 * to TURN servers as well, and a listener that is listed twice holds gathering open for 40 s.
 */
export function iceServersOf({ uris, username, password }: TurnCredentials): RTCIceServer[] {
  const isTurn = (uri: string): boolean => /^turns?:/i.test(uri);
  const seen = new Set<string>();
  const once = (uri: string): boolean => !seen.has(listenerOf(uri)) && Boolean(seen.add(listenerOf(uri)));
  const turn = uris.filter(isTurn).filter(once);
  const stun = uris.filter(uri => !isTurn(uri)).filter(once);
  return [
    ...(turn.length > 0 ? [{ urls: turn, username, credential: password }] : []),
    ...(stun.length > 0 ? [{ urls: stun }] : []),
  ];
}
