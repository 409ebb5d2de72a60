import { isPeerDenied } from '../config/peer-policy.ts';
import { isAtLeast } from '../config/versions.ts';
import { formatIp, parseIp } from '../util/ip.ts';
import { innerPeersToDeny, settingsOfLines } from './denied-peers.ts';
import type { TemplateValues } from './fill-template.ts';

/** Where the renewal hook of `templates/` puts what coturn may read, and where `init` looks first. */
export const CERTIFICATE_FOLDER = '/etc/coturn/tls';

/** The ports of a relay that `init` writes, and for which the firewall templates are. */
export const PORTS = { listening: 3478, tls: 5349, relay: { min: 49152, max: 65535 } } as const;

/** Everything that differs from one host's file to another's, except the secret. */
export interface Deployment {
  readonly version: string;
  readonly realm: string;
  /** Empty: every address of the host. */
  readonly listeningIps: readonly string[];
  /** The private address that a public one is mapped to; null where the host has a public one itself. */
  readonly mapping: { readonly privateIp: string; readonly publicIp: string | null } | null;
  readonly tls: { readonly certificate: string; readonly key: string } | null;
}

/** The one table: what stands for each placeholder of `templates/turnserver.conf`. */
export function templateValues(deployment: Deployment, secret: string): TemplateValues {
  const { version, realm, listeningIps, mapping, tls } = deployment;
  const during = (since: string, until: string, line: string): string | null =>
    isAtLeast(version, since) && !isAtLeast(version, until) ? line : null;
  const pair = mapping && `${mapping.publicIp ?? 'PUBLIC'}/${mapping.privateIp}`;
  const isMapped = mapping !== null && mapping.publicIp !== null;
  const denied = innerPeersToDeny(version);
  const onlyIpv6 = listeningIps.length > 0 && listeningIps.every(ip => parseIp(ip)?.family === 'ipv6');
  return {
    version,
    'listening-ip': listeningIps,
    'external-ip': isMapped ? pair : null,
    'unknown-external-ip': isMapped ? null : pair,
    'min-port': String(PORTS.relay.min),
    'max-port': String(PORTS.relay.max),
    'default-family': onlyIpv6 && isAtLeast(version, '4.6.0') ? 'ipv6' : null,
    'tls-listening-port': tls && String(PORTS.tls),
    cert: tls?.certificate ?? null,
    pkey: tls?.key ?? null,
    'no-tlsv1': tls && during('4.5', '4.7.0', 'no-tlsv1'),
    'no-tlsv1_1': tls && during('4.5', '4.7.0', 'no-tlsv1_1'),
    'certificate-to-be': tls ? null : `${CERTIFICATE_FOLDER}/fullchain.pem`,
    'key-to-be': tls ? null : `${CERTIFICATE_FOLDER}/privkey.pem`,
    'no-tls': tls ? null : 'no-tls',
    'no-dtls': during('4.5', '4.17.0', 'no-dtls'),
    realm,
    secret,
    'denied-peer-ip': denied,
    'allowed-peer-ip': ownAddressesDenied(listeningIps, isMapped ? pair : null, denied, version),
    'no-cli': during('4.5', '4.10.0', 'no-cli'),
    'no-rfc5780': during('4.6.0', '4.7.0', 'no-rfc5780'),
    'no-stun-backward-compatibility': during('4.6.0', '4.7.0', 'no-stun-backward-compatibility'),
    'response-origin-only-with-rfc5780': during('4.6.0', '4.7.0', 'response-origin-only-with-rfc5780'),
    'include-reason-string': during('4.10.0', '4.11.0', 'include-reason-string'),
  };
}

/** The relay's own addresses that the ranges would deny; since 4.5.2 the private half of external-ip is allowed by itself. */
function ownAddressesDenied(
  own: readonly string[],
  externalIp: string | null,
  denied: readonly string[],
  version: string,
): readonly string[] {
  const lines = [
    ...(externalIp === null ? [] : [`external-ip=${externalIp}`]),
    ...denied.map(range => `denied-peer-ip=${range}`),
  ];
  const settings = settingsOfLines(lines, version);
  return own.flatMap(text => {
    const ip = parseIp(text);
    return ip !== null && isPeerDenied(settings, ip) ? [formatIp(ip)] : [];
  });
}
