import { createHmac } from 'node:crypto';
import { RELEASES } from '../config/versions.ts';
import {
  bitsOf,
  classifyIp,
  embeddedIpv4,
  formatIp,
  type Ip,
  type IpClass,
  isMixed,
  parseIp,
} from '../util/ip.ts';
import { oncePerKey } from '../util/once.ts';

/** These are the same everywhere, and name nobody. */
const KEPT: ReadonlySet<IpClass> = new Set([
  'loopback',
  'metadata',
  'unspecified',
  'multicast',
  'documentation',
  'benchmark',
  'reserved',
]);

/** The last bits stay, so that neighbours stay neighbours and small ranges their order. */
const HOST_BITS = { ipv4: 8, ipv6: 16 } as const;

/** Puts another address in the place of each; the same in every text, and the same for the same key. */
export interface AddressTokens {
  /** The text with every address in it replaced, ranges and prefixes as a whole. */
  replace(text: string): string;
  /** Of each address that was met, what stands in its place. */
  readonly map: ReadonlyMap<string, string>;
}

/**
 * Addresses that share n bits share n bits afterwards, and none leaves its class: two of one subnet stay in one, a private
 * one stays private, a denied range still covers what it covered. So the rules say of the tokens what they say of the truth.
 */
export function addressTokens(key: Uint8Array): AddressTokens {
  const map = new Map<string, string>();
  const flips = oncePerKey((prefix: string) => isFlipped(key, prefix), 100_000);

  function tokenOf(ip: Ip): Ip {
    const inner = embeddedIpv4(ip);
    if (inner !== null && inner.form !== '6to4') {
      return { ...ip, value: ((ip.value >> 32n) << 32n) | tokenOf(inner.ip).value };
    }
    if (KEPT.has(classifyIp(ip))) return ip;
    const bits = bitsOf(ip.family);
    let value = ip.value;
    for (let length = 0; length < bits - HOST_BITS[ip.family]; length++) {
      const rest = BigInt(bits - length);
      const block = (ip.value >> rest) << rest;
      if (isMixed({ family: ip.family, value: block, length })) continue;
      if (flips(`${ip.family} ${length} ${block}`)) value ^= 1n << (rest - 1n);
    }
    return { ...ip, value };
  }

  const token = (ip: Ip): Ip => {
    const replaced = tokenOf(ip);
    if (replaced.value !== ip.value) map.set(formatIp(ip), formatIp(replaced));
    return replaced;
  };

  function replaceOne(found: string): string | null {
    const ip = parseIp(found);
    if (ip === null) return null;
    if ((RELEASES as readonly string[]).includes(found)) return found;
    const replaced = token(ip);
    return replaced.value === ip.value ? found : formatIp(replaced);
  }

  /** The block of a prefix, wherever the addresses in it have gone. */
  function blockOf(ip: Ip, length: number): readonly [from: Ip, to: Ip] {
    const rest = BigInt(bitsOf(ip.family) - length);
    const start = (tokenOf(ip).value >> rest) << rest;
    return [
      { ...ip, value: start },
      { ...ip, value: start + (1n << rest) - 1n },
    ];
  }

  function replaceRange(from: Ip, to: Ip): string {
    const length = blockLength(from, to);
    const [first, last] = length === null ? [token(from), token(to)] : blockOf(from, length);
    const swapped = first.value > last.value && from.value <= to.value;
    return swapped ? `${formatIp(last)}-${formatIp(first)}` : `${formatIp(first)}-${formatIp(last)}`;
  }

  function replacePrefix(ip: Ip, found: string, length: number): string {
    const bits = bitsOf(ip.family);
    const rest = BigInt(Math.max(0, bits - length));
    const isBlock = length <= bits && (ip.value >> rest) << rest === ip.value;
    return `${isBlock ? formatIp(blockOf(ip, length)[0]) : replaceOne(found)}/${length}`;
  }

  function replaceFound(found: string, first: string, second?: string, length?: string): string {
    const [from, to] = [parseIp(first), second === undefined ? null : parseIp(second)];
    if (from && to && from.family === to.family) {
      const replaced = replaceRange(from, to);
      return replaced === `${formatIp(from)}-${formatIp(to)}` ? found : replaced;
    }
    if (from && length !== undefined && second === undefined)
      return replacePrefix(from, first, Number(length));
    const whole = second === undefined && length === undefined ? replaceOne(first) : null;
    // `turn:192.0.2.1:3478` reads like the start of an IPv6 address.
    return whole ?? found.replace(SINGLE_IPV4, single => replaceOne(single) ?? single);
  }

  return {
    map,
    replace: text => (/\d\.\d|:[\da-f]*:/i.test(text) ? text.replace(ADDRESSES, replaceFound) : text),
  };
}

const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const IPV6 = String.raw`[\da-f]{0,4}(?::[\da-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}`;
const ADDRESS = `(?:(?<![\\w.]|[a-z]-)${IPV4}|(?<![\\da-f:.])${IPV6})`;
const END = String.raw`(?![\w]|\.\d)`;
/** An address, a range of them, or a prefix. A version of four numbers follows a name and a dash. */
const ADDRESSES = new RegExp(
  `(${ADDRESS})${END}(?:-((?:${IPV4}|${IPV6}))${END}|/(\\d{1,3})(?![\\d.:]))?`,
  'gi',
);
const SINGLE_IPV4 = new RegExp(`(?<![\\w.])${IPV4}${END}`, 'g');

/** Length of the prefix whose block the range is; null when it is none. */
function blockLength(from: Ip, to: Ip): number | null {
  const size = to.value - from.value + 1n;
  if (size <= 0n || (size & (size - 1n)) !== 0n || from.value % size !== 0n) return null;
  return bitsOf(from.family) - (size.toString(2).length - 1);
}

const isFlipped = (key: Uint8Array, prefix: string): boolean =>
  ((createHmac('sha256', key).update(`address ${prefix}`).digest()[0] ?? 0) & 1) === 1;
