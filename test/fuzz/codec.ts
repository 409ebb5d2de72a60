import { isDeepStrictEqual } from 'node:util';
import { attributeTable } from '../../src/stun/attributes.ts';
import { findAttribute, verifyIntegrity } from '../../src/stun/integrity.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';
import { decodeChannelData, encodeChannelData } from '../../src/turn/channel-data.ts';
import { type Frame, StreamFramer } from '../../src/turn/framing.ts';
import { bytesOf, type FuzzTarget, must } from './target.ts';

/** Longest frame there is: a STUN header and 65535 bytes, padded. */
const LONGEST_FRAME = 20 + 65_536;

const KEY = bytesOf('0123456789abcdef');

/** STUN messages, ChannelData, and how a stream of them is cut, for any bytes a server or an attacker sends. */
export function codecTarget(packets: readonly Uint8Array[]): FuzzTarget {
  const types = Object.values(attributeTable).map(({ type }) => Uint8Array.of(type >> 8, type & 0xff));
  const lengths = [0, 1, 3, 4, 8, 20, 0x7fff, 0xffff].map(size => Uint8Array.of(size >> 8, size & 0xff));
  return {
    name: 'codec',
    corpus: [...packets, Uint8Array.from(packets.flatMap(packet => [...packet]))],
    words: [...types, ...lengths, Uint8Array.of(0x21, 0x12, 0xa4, 0x42), Uint8Array.of(0x80, 0x28, 0, 4)],
    slowMs: 200,
    steps: [checkMessage, input => checkMessage(withHonestHeader(input)), checkChannelData, checkStream],
  };
}

/** Random bytes hardly ever have the right length and cookie, and so would never reach an attribute. */
function withHonestHeader(input: Uint8Array): Uint8Array {
  const size = Math.max(20, 20 + ((input.length - 20) & ~3));
  const bytes = new Uint8Array(size);
  bytes.set(input.subarray(0, size));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, view.getUint16(0) & 0x3fff);
  view.setUint16(2, size - 20);
  view.setUint32(4, 0x2112a442);
  return bytes;
}

function checkMessage(bytes: Uint8Array): void {
  const before = bytes.slice();
  const decoded = decode(bytes);
  must(isDeepStrictEqual(bytes.slice(), before), 'reading leaves the bytes alone');
  if ('malformed' in decoded) {
    must(decoded.malformed !== '' && decoded.malformed.length < 500, 'a refusal has a short reason');
    return;
  }
  verifyIntegrity(bytes, KEY);
  findAttribute(bytes, attributeTable.FINGERPRINT.type);
  // Padding and reserved bits may be anything on the wire and are zero in ours, so a checksum no longer fits.
  const { message } = decoded;
  const attributes = message.attributes.filter(({ name }) => name !== 'FINGERPRINT');
  const again: StunMessage = { ...message, attributes };
  const second = decode(encode(again));
  must(
    'message' in second,
    `what was read can be written and read: ${'malformed' in second && second.malformed}`,
  );
  must(isDeepStrictEqual(encode(second.message), encode(again)), 'reading what was written gives the same');
}

function checkChannelData(bytes: Uint8Array): void {
  const decoded = decodeChannelData(bytes);
  if ('malformed' in decoded) return;
  const second = decodeChannelData(encodeChannelData(decoded, 'stream'));
  must(isDeepStrictEqual(second, decoded), 'ChannelData survives being written and read');
}

function checkStream(stream: Uint8Array): void {
  const whole = framesOf(stream, stream.length);
  must(
    isDeepStrictEqual(framesOf(stream, 1 + (stream.length >> 3)), whole),
    'frames do not depend on chunks',
  );
  if (stream.length < 600) {
    must(isDeepStrictEqual(framesOf(stream, 1), whole), 'frames do not depend on chunks of one byte');
  }
}

function framesOf(stream: Uint8Array, chunkSize: number): Frame[] {
  const framer = new StreamFramer();
  const frames: Frame[] = [];
  for (let at = 0; at < stream.length; at += chunkSize) {
    frames.push(...framer.push(stream.subarray(at, at + chunkSize)));
    must(framer.pendingBytes < LONGEST_FRAME, 'no more is kept than the longest frame');
  }
  return frames;
}
