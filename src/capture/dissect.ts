import type { TransportAddress } from '../model/transport.ts';
import { viewOf } from '../stun/bytes.ts';
import { formatIp } from '../util/ip.ts';
import { PROTOCOL } from './packets.ts';

/** What one IP packet carries. */
export type Dissected =
  | {
      readonly kind: 'udp';
      readonly from: TransportAddress;
      readonly to: TransportAddress;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'tcp';
      readonly from: TransportAddress;
      readonly to: TransportAddress;
      readonly sequence: number;
      readonly flags: number;
      readonly data: Uint8Array;
    }
  /** A fragment that cannot be read without the others. */
  | { readonly kind: 'fragment'; readonly from: string; readonly to: string }
  | { readonly kind: 'other' };

const OTHER: Dissected = { kind: 'other' };

interface Payload {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly bytes: Uint8Array;
  readonly fragment: boolean;
}

/** Reads an IPv4 or IPv6 packet as far as UDP or TCP. Whatever is damaged is `other`. */
export function dissect(packet: Uint8Array): Dissected {
  const version = (packet[0] ?? 0) >> 4;
  const payload = version === 4 ? ipv4Payload(packet) : version === 6 ? ipv6Payload(packet) : undefined;
  if (!payload) return OTHER;
  const { from, to, protocol, bytes, fragment } = payload;
  if (protocol !== PROTOCOL.udp && protocol !== PROTOCOL.tcp) return OTHER;
  if (fragment) return { kind: 'fragment', from, to };
  return protocol === PROTOCOL.udp ? udp(from, to, bytes) : tcp(from, to, bytes);
}

function ipv4Payload(packet: Uint8Array): Payload | undefined {
  if (packet.length < 20) return undefined;
  const view = viewOf(packet);
  const headerSize = (view.getUint8(0) & 0x0f) * 4;
  // 0 is what a network card that segments by itself leaves there.
  const total = view.getUint16(2) || packet.length;
  if (headerSize < 20 || total < headerSize) return undefined;
  const flagsAndOffset = view.getUint16(6);
  return {
    from: ipv4At(view, 12),
    to: ipv4At(view, 16),
    protocol: view.getUint8(9),
    bytes: packet.subarray(headerSize, total),
    fragment: (flagsAndOffset & 0x3fff) !== 0,
  };
}

const ipv4At = (view: DataView, at: number): string =>
  formatIp({ family: 'ipv4', value: BigInt(view.getUint32(at)) });

const ipv6At = (view: DataView, at: number): string =>
  formatIp({ family: 'ipv6', value: (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8) });

const FRAGMENT_HEADER = 44;
/** Hop-by-hop, routing, destination options (RFC 8200 §4). */
const EXTENSIONS = new Set([0, 43, 60]);

function ipv6Payload(packet: Uint8Array): Payload | undefined {
  if (packet.length < 40) return undefined;
  const view = viewOf(packet);
  const end = Math.min(packet.length, 40 + (view.getUint16(4) || packet.length));
  let protocol = view.getUint8(6);
  let at = 40;
  let fragment = false;
  while ((EXTENSIONS.has(protocol) || protocol === FRAGMENT_HEADER) && at + 8 <= end) {
    // An atomic fragment (RFC 6946) is whole.
    if (protocol === FRAGMENT_HEADER) fragment = (view.getUint16(at + 2) & 0xfff9) !== 0;
    const size = protocol === FRAGMENT_HEADER ? 8 : (view.getUint8(at + 1) + 1) * 8;
    protocol = view.getUint8(at);
    at += size;
  }
  if (at > end) return undefined;
  return { from: ipv6At(view, 8), to: ipv6At(view, 24), protocol, bytes: packet.subarray(at, end), fragment };
}

function udp(from: string, to: string, bytes: Uint8Array): Dissected {
  if (bytes.length < 8) return OTHER;
  const view = viewOf(bytes);
  const length = view.getUint16(4) || bytes.length;
  return {
    kind: 'udp',
    from: { ip: from, port: view.getUint16(0) },
    to: { ip: to, port: view.getUint16(2) },
    data: bytes.subarray(8, Math.max(8, length)),
  };
}

function tcp(from: string, to: string, bytes: Uint8Array): Dissected {
  if (bytes.length < 20) return OTHER;
  const view = viewOf(bytes);
  const headerSize = (view.getUint8(12) >> 4) * 4;
  if (headerSize < 20 || headerSize > bytes.length) return OTHER;
  return {
    kind: 'tcp',
    from: { ip: from, port: view.getUint16(0) },
    to: { ip: to, port: view.getUint16(2) },
    sequence: view.getUint32(4),
    flags: view.getUint8(13),
    data: bytes.subarray(headerSize),
  };
}
