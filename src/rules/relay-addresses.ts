import type { Settings } from '../config/settings.ts';
import type { ContainerFact, InterfaceAddress, ServiceFact } from '../model/facts.ts';
import { classifyIp, type Family, formatIp, type Ip, type IpClass, parseIp } from '../util/ip.ts';

/** Addresses that coturn relays from, and what says so. Host names and addresses it cannot bind are not among them. */
export interface RelayAddresses {
  readonly from: 'relay-ip' | 'listening-ip' | 'host';
  readonly ips: readonly Ip[];
}

/**
 * relay-ip, else listening-ip, else every address of the host but loopback and link-local; null when that is not known.
 * With 0.0.0.0 and :: coturn takes the one of the host that the routing table gives.
 */
export function relayAddresses(
  settings: Settings,
  addresses: readonly InterfaceAddress[] | undefined,
): RelayAddresses | null {
  for (const from of ['relay-ip', 'listening-ip'] as const) {
    const ips = settings.list(from).flatMap(value => parseIp(value) ?? []);
    if (ips.length > 0 && !ips.some(isUnspecified)) return { from, ips };
  }
  return addresses === undefined ? null : { from: 'host', ips: hostAddresses(addresses) };
}

/** What coturn finds by itself; see `make_local_listeners_list` in mainrelay.c. */
export const hostAddresses = (addresses: readonly InterfaceAddress[]): Ip[] =>
  addresses
    .filter(({ scope }) => scope === 'global' || scope === 'site')
    .flatMap(({ ip }) => parseIp(ip) ?? [])
    .filter(ip => !['loopback', 'link-local', 'unspecified'].includes(classifyIp(ip)));

const isUnspecified = (ip: Ip): boolean => classifyIp(ip) === 'unspecified';

const INTERNAL: readonly IpClass[] = [
  'private',
  'shared',
  'unique-local',
  'link-local',
  'metadata',
  'loopback',
  'unspecified',
];

/** Whether an address means nothing outside its own network. */
export const isInternal = (ip: Ip): boolean => INTERNAL.includes(classifyIp(ip));

export const ofFamily = (ips: readonly Ip[], family: Family): Ip[] => ips.filter(ip => ip.family === family);

export const formatted = (ips: readonly Ip[]): string[] => ips.map(formatIp);

/** Whether the addresses of the host are not those coturn has, because it runs in a container with its own. */
export const hasOwnNetwork = (
  service: ServiceFact | undefined,
  containers: readonly ContainerFact[] = [],
): boolean => service?.manager === 'docker' && !containers.some(({ networkMode }) => networkMode === 'host');
