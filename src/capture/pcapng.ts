import { concat, padded, toUtf8, viewOf } from '../stun/bytes.ts';

/** LINKTYPE_RAW: the packet starts with its IP header. */
const RAW_IP = 101;
const NANOSECONDS = 9;

export interface CapturedPacket {
  /** Nanoseconds since 1970. */
  readonly atNs: bigint;
  /** From the IP header on. */
  readonly bytes: Uint8Array;
  readonly comment: string;
}

/** A pcapng file of one section and one interface (draft-ietf-opsawg-pcapng). */
export function pcapng(
  packets: readonly CapturedPacket[],
  { application }: { readonly application: string },
): Uint8Array {
  return concat([sectionHeader(application), interfaceDescription(), ...packets.map(enhancedPacket)]);
}

function block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
  const content = concat(body);
  const bytes = new Uint8Array(12 + content.length);
  const view = viewOf(bytes);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, bytes.length, true);
  return bytes;
}

function option(code: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + padded(value.length));
  viewOf(bytes).setUint16(0, code, true);
  viewOf(bytes).setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

const END_OF_OPTIONS = new Uint8Array(4);

function sectionHeader(application: string): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = viewOf(fixed);
  view.setUint32(0, 0x1a2b3c4d, true);
  view.setUint16(4, 1, true);
  // The length of the section is not told.
  view.setBigInt64(8, -1n, true);
  return block(0x0a0d0d0a, fixed, option(4, toUtf8(application)), END_OF_OPTIONS);
}

function interfaceDescription(): Uint8Array {
  const fixed = new Uint8Array(8);
  viewOf(fixed).setUint16(0, RAW_IP, true);
  return block(1, fixed, option(9, Uint8Array.of(NANOSECONDS)), END_OF_OPTIONS);
}

function enhancedPacket({ atNs, bytes, comment }: CapturedPacket): Uint8Array {
  const fixed = new Uint8Array(20);
  const view = viewOf(fixed);
  view.setUint32(4, Number(atNs >> 32n), true);
  view.setUint32(8, Number(atNs & 0xffff_ffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  const padding = new Uint8Array(padded(bytes.length) - bytes.length);
  const options = comment === '' ? [] : [option(1, toUtf8(comment)), END_OF_OPTIONS];
  return block(6, fixed, bytes, padding, ...options);
}
