import { type Ip, parseIp } from '../util/ip.ts';
import { isAtLeast } from './versions.ts';

/**
 * `get_bool_value` of coturn: nothing is true, else the first character decides; null is "Unknown boolean value", over
 * which coturn exits. So `nope` is false, `2` is true, `oN`, `-1` and `enabled` are refused.
 */
export function readBoolean(value: string | null): boolean | null {
  if (value === null || value === '' || /^[1-9yYtT]/.test(value)) return true;
  if (/^[0nNfF]/.test(value)) return false;
  if (/^(?:on|On|ON)$/.test(value)) return true;
  return /^(?:off|Off|OFF)$/.test(value) ? false : null;
}

const leadingInteger = (value: string): bigint =>
  BigInt(/^[ \t\n\v\f\r]*([+-]?\d+)/.exec(value)?.[1]?.replace(/^\+/, '') ?? 0);

const clamp = (value: bigint, low: bigint, high: bigint): bigint =>
  value < low ? low : value > high ? high : value;

/** C's atoi with a 64-bit long: digits in front count, junk is 0, the result wraps to 32 bits. */
export const atoi = (value: string): number =>
  Number(BigInt.asIntN(32, clamp(leadingInteger(value), -(2n ** 63n), 2n ** 63n - 1n)));

/** C's strtoul to 64 bits: a negative number wraps. */
export function strtoul(value: string): number {
  const read = leadingInteger(value);
  return Number(read < -(2n ** 64n) || read >= 2n ** 64n ? 2n ** 64n - 1n : BigInt.asUintN(64, read));
}

/** A port: modulo 65536 up to coturn 4.12, from 4.13.0 strictly decimal or `fatal`. Empty is 0 in all of them. */
export function readPort(value: string, version: string): number | 'fatal' {
  if (!isAtLeast(version, '4.13.0')) return atoi(value) & 0xffff;
  if (value === '') return 0;
  const port = /^[ \t\n\v\f\r]*\+?\d+$/.test(value) ? BigInt(value.trim().replace('+', '')) : -1n;
  return port >= 0n && port <= 65535n ? Number(port) : 'fatal';
}

/**
 * An address as coturn's getaddrinfo reads it without a resolver: also inet_aton's forms, so `10.1` is 10.0.0.1 and
 * `010.0.0.1` is 8.0.0.1. Empty is 0.0.0.0; null is a host name or nonsense.
 */
export function readAddress(value: string): Ip | null {
  if (value === '') return { family: 'ipv4', value: 0n };
  const ip = parseIp(value);
  if (ip) return ip;
  if (!/^[\da-fx]+(?:\.[\da-fx]+){0,3}$/i.test(value)) return null;
  const parts = value.split('.').map(inetNumber);
  const last = parts.pop();
  if (last === undefined || last === null) return null;
  if (!parts.every((part): part is bigint => part !== null && part <= 255n)) return null;
  const freeBits = BigInt(8 * (4 - parts.length));
  if (last >> freeBits !== 0n) return null;
  const head = parts.reduce((sum, part) => (sum << 8n) | part, 0n);
  return { family: 'ipv4', value: (head << freeBits) | last };
}

/** What an address option's value is: an address, a name that may resolve, or nothing getaddrinfo takes. */
export function addressForm(value: string): 'address' | 'name' | 'neither' {
  if (readAddress(value)) return 'address';
  const isName = value.length <= 253 && /^(?!-)[a-z\d-]{1,63}(?:\.(?!-)[a-z\d-]{1,63})*\.?$/i.test(value);
  // Of digits and dots alone no name can be made.
  return isName && /[a-z]/i.test(value) ? 'name' : 'neither';
}

/** Decimal, octal (`0…`) or hexadecimal (`0x…`), as inet_aton takes them. */
function inetNumber(text: string): bigint | null {
  if (/^0x[\da-f]+$/i.test(text)) return BigInt(text);
  if (/^0[0-7]*$/.test(text)) return BigInt(`0o${text}`);
  return /^[1-9]\d*$/.test(text) ? BigInt(text) : null;
}
