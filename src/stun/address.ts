import type { TransportAddress } from '../model/transport.ts';
import { concat, hex8, viewOf } from './bytes.ts';
import { type Codec, MAGIC_COOKIE, malformed } from './codec.ts';

/** Four or sixteen bytes of an address in text, without zone; undefined when it is none. */
export function ipToBytes(text: string): Uint8Array | undefined {
  return text.includes(':') ? ipv6ToBytes(text) : ipv4ToBytes(text);
}

function ipv4ToBytes(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every(byte => byte <= 255) ? Uint8Array.from(bytes) : undefined;
}

function ipv6ToBytes(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groupsToBytes(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  // "::" stands for at least one group of zeros (RFC 4291 §2.2).
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return concat([head, new Uint8Array(16 - head.length - tail.length), tail]);
}

function groupsToBytes(text: string, mayEndInIpv4: boolean): Uint8Array | undefined {
  if (text === '') return new Uint8Array(0);
  const groups = text.split(':');
  if (groups.length > 8) return undefined;
  const parts: Uint8Array[] = [];
  for (const [index, group] of groups.entries()) {
    const part = /^[0-9a-fA-F]{1,4}$/.test(group)
      ? Uint8Array.of(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff)
      : mayEndInIpv4 && index === groups.length - 1
        ? ipv4ToBytes(group)
        : undefined;
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return concat(parts);
}

/** Canonical text of four or sixteen bytes (RFC 5952; IPv4-mapped addresses in dotted form, as operating systems print them). */
export function ipFromBytes(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const view = viewOf(bytes);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2));
  if (groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.subarray(12).join('.')}`;
  }
  const zeros = longestRunOfZeros(groups);
  const text = (part: readonly number[]) => part.map(group => group.toString(16)).join(':');
  if (zeros.length < 2) return text(groups);
  return `${text(groups.slice(0, zeros.start))}::${text(groups.slice(zeros.start + zeros.length))}`;
}

function longestRunOfZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let run = { start: 0, length: 0 };
  for (const [index, group] of groups.entries()) {
    if (group !== 0) continue;
    const continues = run.length > 0 && run.start + run.length === index;
    run = continues ? { ...run, length: run.length + 1 } : { start: index, length: 1 };
    if (run.length > best.length) best = run;
  }
  return best;
}

const IPV4 = 0x01;
const IPV6 = 0x02;

/** MAPPED-ADDRESS and its like (RFC 8489 §14.1): family, port and address as they are. */
export const plainAddress: Codec<TransportAddress> = {
  encode: address => encodeAddress(address, new Uint8Array(18)),
  decode: bytes => decodeAddress(bytes, new Uint8Array(18)),
};

/** XOR-MAPPED-ADDRESS and its like (RFC 8489 §14.2): hidden from middleboxes that rewrite addresses they recognise. */
export const xorAddress: Codec<TransportAddress> = {
  encode: (address, transactionId) => encodeAddress(address, xorMask(transactionId)),
  decode: (bytes, transactionId) => decodeAddress(bytes, xorMask(transactionId)),
};

/** Two bytes for the port, sixteen for the address. */
function xorMask(transactionId: Uint8Array): Uint8Array {
  const mask = new Uint8Array(18);
  viewOf(mask).setUint16(0, MAGIC_COOKIE >>> 16);
  viewOf(mask).setUint32(2, MAGIC_COOKIE);
  mask.set(transactionId, 6);
  return mask;
}

const xor = (bytes: Uint8Array, mask: Uint8Array): Uint8Array =>
  bytes.map((byte, index) => byte ^ (mask[index] ?? 0));

/** @throws {RangeError} when `ip` is no address or `port` no port. */
function encodeAddress({ ip, port }: TransportAddress, mask: Uint8Array): Uint8Array {
  const address = ipToBytes(ip);
  if (address === undefined) throw new RangeError(`${ip} is no IP address`);
  if (!Number.isInteger(port) || port < 0 || port > 0xffff) throw new RangeError(`${port} is no port`);
  const family = Uint8Array.of(0, address.length === 4 ? IPV4 : IPV6);
  return concat([family, xor(concat([Uint8Array.of(port >> 8, port & 0xff), address]), mask)]);
}

function decodeAddress(bytes: Uint8Array, mask: Uint8Array) {
  const family = bytes[1];
  if (bytes.length < 4 || family === undefined) return malformed(`has ${bytes.length} bytes, too few`);
  if (family !== IPV4 && family !== IPV6) return malformed(`has the address family ${hex8(family)}`);
  const expected = family === IPV4 ? 8 : 20;
  if (bytes.length !== expected) {
    return malformed(`has ${bytes.length} bytes instead of ${expected} for its address family`);
  }
  const clear = xor(bytes.subarray(2), mask);
  return { value: { ip: ipFromBytes(clear.subarray(2)), port: viewOf(clear).getUint16(0) } };
}
