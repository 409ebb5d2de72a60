import type { TransportAddress } from '../model/transport.ts';
import { concat, viewOf } from '../stun/bytes.ts';
import { bitsOf, parseIp } from '../util/ip.ts';
import { internetChecksum } from './checksum.ts';

/** Protocol numbers of IANA. */
export const PROTOCOL = { tcp: 6, udp: 17 } as const;

/** Flags of a TCP header (RFC 9293 §3.1). */
export const TCP = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

export interface Ends {
  readonly from: TransportAddress;
  readonly to: TransportAddress;
}

export interface Segment extends Ends {
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

/** An IP packet with one UDP datagram. */
export function udpPacket({ from, to }: Ends, data: Uint8Array): Uint8Array {
  const header = new Uint8Array(8);
  const view = viewOf(header);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint16(4, header.length + data.length);
  // 0 says that there is no checksum (RFC 768).
  view.setUint16(6, checksumOf({ from, to }, PROTOCOL.udp, header, data) || 0xffff);
  return ipPacket({ from, to }, PROTOCOL.udp, concat([header, data]));
}

/** An IP packet with one TCP segment. */
export function tcpPacket({ from, to, sequence, acknowledged, flags, data }: Segment): Uint8Array {
  const header = new Uint8Array(20);
  const view = viewOf(header);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint32(4, sequence >>> 0);
  view.setUint32(8, acknowledged >>> 0);
  view.setUint8(12, (header.length / 4) << 4);
  view.setUint8(13, flags);
  view.setUint16(14, 0xffff);
  view.setUint16(16, checksumOf({ from, to }, PROTOCOL.tcp, header, data));
  return ipPacket({ from, to }, PROTOCOL.tcp, concat([header, data]));
}

const addressBytes = (ip: string): Uint8Array => {
  const { family, value } = parseIp(ip) ?? { family: 'ipv4' as const, value: 0n };
  const bytes = new Uint8Array(16);
  viewOf(bytes).setBigUint64(0, value >> 64n);
  viewOf(bytes).setBigUint64(8, value & 0xffff_ffff_ffff_ffffn);
  return bytes.subarray(16 - bitsOf(family) / 8);
};

function checksumOf({ from, to }: Ends, protocol: number, header: Uint8Array, data: Uint8Array): number {
  const pseudo = new Uint8Array(8);
  viewOf(pseudo).setUint32(0, header.length + data.length);
  pseudo[7] = protocol;
  return internetChecksum(addressBytes(from.ip), addressBytes(to.ip), pseudo, header, data);
}

function ipPacket({ from, to }: Ends, protocol: number, payload: Uint8Array): Uint8Array {
  const addresses = [addressBytes(from.ip), addressBytes(to.ip)];
  if (addresses[0]?.length === 4) {
    const header = new Uint8Array(12);
    const view = viewOf(header);
    view.setUint8(0, 0x45);
    view.setUint16(2, 20 + payload.length);
    view.setUint16(6, 0x4000);
    view.setUint8(8, 64);
    view.setUint8(9, protocol);
    view.setUint16(10, internetChecksum(header, ...addresses));
    return concat([header, ...addresses, payload]);
  }
  const header = new Uint8Array(8);
  const view = viewOf(header);
  view.setUint8(0, 0x60);
  view.setUint16(4, payload.length);
  view.setUint8(6, protocol);
  view.setUint8(7, 64);
  return concat([header, ...addresses, payload]);
}
