import type { TransportAddress } from '../model/transport.ts';
import { formatIp, type Ip, parseIp } from '../util/ip.ts';
import { concat, hex8, viewOf } from './bytes.ts';
import { type Codec, type Decoded, MAGIC_COOKIE, malformed } from './codec.ts';

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
  const address = parseIp(ip);
  if (!address) throw new RangeError(`${ip} is no IP address`);
  if (!Number.isInteger(port) || port < 0 || port > 0xffff) throw new RangeError(`${port} is no port`);
  const family = address.family === 'ipv4' ? IPV4 : IPV6;
  const clear = concat([Uint8Array.of(port >> 8, port & 0xff), bytesOf(address)]);
  return concat([Uint8Array.of(0, family), xor(clear, mask)]);
}

function decodeAddress(bytes: Uint8Array, mask: Uint8Array): Decoded<TransportAddress> {
  if (bytes.length < 4) return malformed(`has ${bytes.length} bytes, fewer than 4`);
  const family = bytes[1] ?? 0;
  if (family !== IPV4 && family !== IPV6) return malformed(`has the address family ${hex8(family)}`);
  const expected = family === IPV4 ? 8 : 20;
  if (bytes.length !== expected) {
    return malformed(`has ${bytes.length} bytes instead of ${expected} for its address family`);
  }
  const clear = xor(bytes.subarray(2), mask);
  return { value: { ip: formatIp(ipOf(clear.subarray(2))), port: viewOf(clear).getUint16(0) } };
}

function bytesOf({ family, value }: Ip): Uint8Array {
  const bytes = new Uint8Array(16);
  viewOf(bytes).setBigUint64(0, value >> 64n);
  viewOf(bytes).setBigUint64(8, value);
  return family === 'ipv4' ? bytes.slice(12) : bytes;
}

function ipOf(bytes: Uint8Array): Ip {
  const view = viewOf(bytes);
  if (bytes.length === 4) return { family: 'ipv4', value: BigInt(view.getUint32(0)) };
  return { family: 'ipv6', value: (view.getBigUint64(0) << 64n) | view.getBigUint64(8) };
}
