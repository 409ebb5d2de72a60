import { listenerPlan } from './effective.ts';
import type { Settings } from './settings.ts';

/**
 * The URIs (RFC 7065) that a client of this server is to be given: each way in that is open, once, and nothing else. No
 * stun: URI: browsers send Binding to turn: servers as well, and a second entry for one listener only costs time. TLS only
 * with a name, which is what a browser compares the certificate with.
 */
export function clientUris(settings: Settings, host: string): readonly string[] {
  const { udp, tcp, tls } = listenerPlan(settings);
  const isName = !/^[\d.]+$|:/.test(host);
  const authority = host.includes(':') ? `[${host}]` : host;
  return [
    ...(udp.on ? [`turn:${authority}:${udp.port}?transport=udp`] : []),
    ...(tcp.on ? [`turn:${authority}:${tcp.port}?transport=tcp`] : []),
    ...(tls.on && isName ? [`turns:${authority}:${tls.port}?transport=tcp`] : []),
  ];
}
