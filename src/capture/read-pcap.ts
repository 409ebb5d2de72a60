import { viewOf } from '../stun/bytes.ts';

/** A frame as it was captured. */
export interface Frame {
  /** Nanoseconds since 1970; absent where the file does not tell. */
  readonly atNs?: bigint;
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Bytes on the wire that the capture does not have. */
  readonly missing: number;
}

/** Frames of a capture, up to where it is damaged. */
export interface Capture {
  readonly format: 'pcap' | 'pcapng';
  readonly frames: readonly Frame[];
  /** Where and why reading ended early. */
  readonly damaged?: string;
}

/** Whoever captures for days has more; what is left out is said. */
const MOST_FRAMES = 1_000_000;

const PCAP_UNITS: { readonly [magic: number]: bigint } = { 2712847316: 1000n, 2712812621: 1n };
const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;

/** Reads a pcap or pcapng file of either byte order; undefined when the bytes are neither. */
export function readCapture(bytes: Uint8Array): Capture | undefined {
  if (bytes.length < 24) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(0) === SECTION) return readPcapng(bytes);
  for (const little of [true, false]) {
    const unit = PCAP_UNITS[view.getUint32(0, little)];
    if (unit !== undefined) return readPcap(bytes, little, unit);
  }
  return undefined;
}

function readPcap(bytes: Uint8Array, little: boolean, unitNs: bigint): Capture {
  const view = viewOf(bytes);
  // The upper bits tell of a frame check sequence.
  const linkType = view.getUint32(20, little) & 0xffff;
  const frames: Frame[] = [];
  let at = 24;
  while (at + 16 <= bytes.length && frames.length < MOST_FRAMES) {
    const size = view.getUint32(at + 8, little);
    const start = at + 16;
    if (start + size > bytes.length) return damaged('pcap', frames, at);
    const seconds = BigInt(view.getUint32(at, little));
    frames.push({
      atNs: seconds * 1_000_000_000n + BigInt(view.getUint32(at + 4, little)) * unitNs,
      linkType,
      bytes: bytes.subarray(start, start + size),
      missing: Math.max(0, view.getUint32(at + 12, little) - size),
    });
    at = start + size;
  }
  return at === bytes.length ? { format: 'pcap', frames } : damaged('pcap', frames, at);
}

function damaged(format: Capture['format'], frames: readonly Frame[], at: number): Capture {
  const why =
    frames.length === MOST_FRAMES
      ? `more than ${MOST_FRAMES} packets: the rest is not read`
      : `cut off or damaged at byte ${at}`;
  return { format, frames, damaged: why };
}

interface Interface {
  readonly linkType: number;
  /** Units of its timestamps in a second. */
  readonly perSecond: bigint;
}

function readPcapng(bytes: Uint8Array): Capture {
  const view = viewOf(bytes);
  const frames: Frame[] = [];
  let little = true;
  let interfaces: Interface[] = [];
  let at = 0;
  while (at + 12 <= bytes.length && frames.length < MOST_FRAMES) {
    if (view.getUint32(at) === SECTION) {
      if (at + 16 > bytes.length) return damaged('pcapng', frames, at);
      little = view.getUint32(at + 8, true) === BYTE_ORDER;
      interfaces = [];
    }
    const size = view.getUint32(at + 4, little);
    if (size < 12 || size % 4 !== 0 || at + size > bytes.length) return damaged('pcapng', frames, at);
    const body = bytes.subarray(at + 8, at + size - 4);
    const type = view.getUint32(at, little);
    if (type === 1 && body.length >= 8) interfaces.push(readInterface(body, little));
    else {
      const frame = readFrame(type, body, little, interfaces);
      if (frame) frames.push(frame);
    }
    at += size;
  }
  return at === bytes.length ? { format: 'pcapng', frames } : damaged('pcapng', frames, at);
}

const MICROSECONDS = 1_000_000n;

function readInterface(body: Uint8Array, little: boolean): Interface {
  const view = viewOf(body);
  const linkType = view.getUint16(0, little);
  for (let at = 8; at + 4 <= body.length; ) {
    const [code, size] = [view.getUint16(at, little), view.getUint16(at + 2, little)];
    if (code === 0) break;
    const resolution = body[at + 4];
    if (code === 9 && size === 1 && resolution !== undefined) {
      const exponent = BigInt(resolution & 0x7f);
      // Finer than 2^-64 is no clock.
      if (exponent <= 64n) return { linkType, perSecond: (resolution & 0x80 ? 2n : 10n) ** exponent };
    }
    at += 4 + ((size + 3) & ~3);
  }
  return { linkType, perSecond: MICROSECONDS };
}

const ENHANCED = 6;
const SIMPLE = 3;
/** The packet block of old files. */
const OBSOLETE = 2;

function readFrame(
  type: number,
  body: Uint8Array,
  little: boolean,
  interfaces: readonly Interface[],
): Frame | undefined {
  const view = viewOf(body);
  if (type === SIMPLE && body.length >= 4) {
    const original = view.getUint32(0, little);
    const bytes = body.subarray(4, 4 + original);
    const [first] = interfaces;
    return first && { linkType: first.linkType, bytes, missing: Math.max(0, original - bytes.length) };
  }
  if ((type !== ENHANCED && type !== OBSOLETE) || body.length < 20) return undefined;
  const from = interfaces[type === ENHANCED ? view.getUint32(0, little) : view.getUint16(0, little)];
  if (!from) return undefined;
  const units = (BigInt(view.getUint32(4, little)) << 32n) | BigInt(view.getUint32(8, little));
  const size = view.getUint32(12, little);
  const bytes = body.subarray(20, 20 + size);
  return {
    atNs: (units * 1_000_000_000n) / from.perSecond,
    linkType: from.linkType,
    bytes,
    missing: Math.max(0, view.getUint32(16, little) - bytes.length),
  };
}
