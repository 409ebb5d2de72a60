import { readAddresses } from '../addresses.ts';
import { orNull } from '../attempt.ts';
import type { Host } from '../host.ts';
import type { Outside } from './ruleset.ts';

/** The interfaces of the default routes with their addresses; without such a route, all that have a global address. */
export async function readOutside(host: Host): Promise<Outside> {
  const [ipv4, ipv6, addresses] = await Promise.all([
    orNull(() => host.readFile('/proc/net/route')),
    orNull(() => host.readFile('/proc/net/ipv6_route')),
    readAddresses(host),
  ]);
  const global = addresses.known ? addresses.value.filter(({ scope }) => scope === 'global') : [];
  const routed = defaultInterfaces(text(ipv4), text(ipv6));
  const interfaces = routed.length > 0 ? routed : [...new Set(global.map(it => it.interface))];
  return {
    interfaces,
    addresses: global.filter(it => interfaces.includes(it.interface)).map(({ ip }) => ip),
  };
}

const text = (bytes: Uint8Array | null): string => (bytes ? Buffer.from(bytes).toString() : '');

/** Interfaces of default routes in /proc/net/route and /proc/net/ipv6_route. */
export function defaultInterfaces(ipv4: string, ipv6: string): readonly string[] {
  const names = [
    ...ipv4.split('\n').flatMap(line => {
      const [name, destination, , , , , , mask] = line.split(/\s+/);
      return destination === '00000000' && mask === '00000000' ? [name!] : [];
    }),
    // The kernel keeps an unreachable default route on lo where there is no other.
    ...ipv6.split('\n').flatMap(line => {
      const [destination, length, ...rest] = line.trim().split(/\s+/);
      return destination === '0'.repeat(32) && length === '00' ? [rest.at(-1)!] : [];
    }),
  ];
  return [...new Set(names)].filter(name => name !== 'lo');
}
