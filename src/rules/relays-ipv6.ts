import type { Settings } from '../config/settings.ts';
import type { InterfaceAddress } from '../model/facts.ts';
import { relayAddresses } from './relay-addresses.ts';

/** Whether a client can get an IPv6 allocation, without which no IPv6 peer can be reached. Null: not known. */
export function relaysIpv6(
  settings: Settings,
  addresses: readonly InterfaceAddress[] | undefined,
): boolean | null {
  const relay = relayAddresses(settings, addresses);
  return relay === null ? null : relay.ips.some(ip => ip.family === 'ipv6');
}
