import type { InterfaceAddress } from '../model/facts.ts';
import type { ServerUri } from '../model/target.ts';
import { type Family, familyOf, type Transport } from '../model/transport.ts';
import { classifyIp, type IpClass, parseIp } from '../util/ip.ts';

/** What the effective configuration says about the listeners, and the addresses it has to work with. */
export interface ListenerSettings {
  /** `listening-ip`; empty for every address of the host. */
  readonly listeningIps: readonly string[];
  readonly listeningPort: number;
  readonly tlsPort: number;
  readonly udp: boolean;
  readonly tcp: boolean;
  readonly tls: boolean;
  readonly addresses: readonly InterfaceAddress[];
}

/** A host with many addresses (bridges, tunnels) answers alike on all of them. */
const MOST_PER_FAMILY = 2;

const WILDCARDS = new Set(['0.0.0.0', '::']);

/** From the addresses users may reach to those they cannot; what is not listed comes first. */
const FAR_FROM_USERS: readonly IpClass[] = ['shared', 'private', 'unique-local', 'link-local', 'loopback'];

function rank(ip: string): number {
  const parsed = parseIp(ip);
  return parsed ? FAR_FROM_USERS.indexOf(classifyIp(parsed)) : FAR_FROM_USERS.length;
}

function candidates({ listeningIps, addresses }: ListenerSettings): readonly string[] {
  const local = addresses.filter(({ scope }) => scope !== 'link').map(({ ip }) => ip);
  const named = listeningIps.filter(ip => !WILDCARDS.has(ip));
  if (named.length > 0) {
    const bound = named.filter(ip => local.includes(ip));
    // An address that is not local may still be this host's, behind a one-to-one NAT.
    return bound.length > 0 ? bound : named;
  }
  const global = addresses.filter(({ scope }) => scope === 'global').map(({ ip }) => ip);
  return global.length > 0 ? global : local;
}

function nearest(ips: readonly string[], family: Family): string[] {
  return ips
    .filter(ip => familyOf(ip) === family)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_PER_FAMILY);
}

/** The URIs at which a client on this host reaches the server: at most two addresses of each family, public ones first. */
export const wireTargets = (settings: ListenerSettings): readonly ServerUri[] =>
  urisAt(candidates(settings), settings);

/**
 * The URIs at which somebody elsewhere reaches it: what `external-ip` tells clients, else public addresses of the host,
 * else the one over which SSH came in, else what there is.
 */
export function remoteTargets(
  settings: ListenerSettings,
  { external, reached }: { readonly external: readonly string[]; readonly reached: string | null },
): readonly ServerUri[] {
  const ips = candidates(settings);
  const told = external.filter(ip => parseIp(ip) !== null);
  if (told.length > 0) return urisAt(told, settings);
  const open = ips.filter(ip => rank(ip) < 0);
  if (open.length > 0) return urisAt(open, settings);
  return urisAt(reached !== null && ips.includes(reached) ? [reached] : ips, settings);
}

function urisAt(ips: readonly string[], settings: ListenerSettings): readonly ServerUri[] {
  const ways: { transport: Transport; on: boolean; scheme: ServerUri['scheme']; port: number }[] = [
    { transport: 'udp', on: settings.udp, scheme: 'turn', port: settings.listeningPort },
    { transport: 'tcp', on: settings.tcp, scheme: 'turn', port: settings.listeningPort },
    { transport: 'tls', on: settings.tls, scheme: 'turns', port: settings.tlsPort },
  ];
  return [...nearest(ips, 'ipv4'), ...nearest(ips, 'ipv6')].flatMap(host =>
    ways.filter(({ on }) => on).map(({ transport, scheme, port }) => ({ scheme, host, port, transport })),
  );
}
