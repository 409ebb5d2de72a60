import { isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** The host for the address of the page on another device, as it stands in a URL; null where no other device gets here. */
export function hostForOthers(listening: string, interfaces: Interfaces): string | null {
  if (/^(127\.|::1$|localhost$)/.test(listening)) return null;
  if (listening !== '0.0.0.0' && listening !== '::') return inUrl(listening);
  const outside = Object.values(interfaces)
    .flatMap(addresses => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(fe80|169\.254\.)/i.test(address))
    .filter(({ family }) => listening === '::' || family === 'IPv4')
    // A phone on the same network has IPv4 in nearly every case.
    .sort((a, b) => Number(a.family !== 'IPv4') - Number(b.family !== 'IPv4'));
  const [first] = outside;
  return first ? inUrl(first.address) : null;
}

/** As it stands in a URL. */
export const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
