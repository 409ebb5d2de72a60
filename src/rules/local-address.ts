import { readAddress } from '../config/values.ts';
import { classifyIp } from '../util/ip.ts';

/** Whether only programs on the host itself reach what listens on this address; a name or nonsense is not. */
export function isLoopback(value: string): boolean {
  const ip = readAddress(value);
  return ip !== null && classifyIp(ip) === 'loopback';
}
