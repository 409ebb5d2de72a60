import type { InterfaceAddress } from '../model/facts.ts';
import { classifyIp, formatIp, type Ip, type IpClass, parseIp } from '../util/ip.ts';

const NEVER: readonly IpClass[] = ['loopback', 'link-local', 'unspecified', 'multicast', 'metadata'];
const PRIVATE: readonly IpClass[] = ['private', 'shared', 'unique-local'];

/** Whether something has to map a public address to this one before the Internet can reach it. */
export const isPrivate = (ip: Ip): boolean => PRIVATE.includes(classifyIp(ip));

/**
 * Addresses to listen on: of each family the best one, public before private, then those of the interfaces that lead to
 * the Internet, then the first. A private IPv6 address is mapped by nobody, so it counts only where there is no other.
 */
export function listeningAddresses(
  addresses: readonly InterfaceAddress[],
  defaultInterfaces: readonly string[],
): readonly string[] {
  const candidates = addresses
    .filter(({ scope }) => scope === 'global' || scope === 'site')
    .flatMap(address => {
      const ip = parseIp(address.ip);
      if (ip === null || NEVER.includes(classifyIp(ip))) return [];
      const cost = (isPrivate(ip) ? 2 : 0) + (defaultInterfaces.includes(address.interface) ? 0 : 1);
      return [{ ip, cost }];
    })
    .sort((a, b) => a.cost - b.cost)
    .map(({ ip }) => ip);
  const ipv4 = candidates.find(({ family }) => family === 'ipv4');
  const ipv6 = candidates.find(ip => ip.family === 'ipv6' && (!isPrivate(ip) || ipv4 === undefined));
  return [ipv4, ipv6].flatMap(ip => (ip === undefined ? [] : [formatIp(ip)]));
}

/** The address that needs an `external-ip`: a private IPv4 one, unless a public one stands beside it. */
export function addressToMap(listeningIps: readonly string[]): string | null {
  const ipv4 = listeningIps.flatMap(text => parseIp(text) ?? []).filter(({ family }) => family === 'ipv4');
  const [first] = ipv4;
  return first !== undefined && ipv4.every(isPrivate) ? formatIp(first) : null;
}
