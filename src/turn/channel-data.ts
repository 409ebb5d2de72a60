import { padded, plain, viewOf } from '../stun/bytes.ts';
import { type Malformed, malformed } from '../stun/codec.ts';
import { foreignProtocol } from '../stun/foreign.ts';

/** Application data in four bytes of header instead of a Send or Data indication (RFC 8656 §12.4). */
export interface ChannelData {
  readonly channel: number;
  readonly data: Uint8Array;
}

/** Numbers a client may bind (RFC 8656 §12). Coturn took up to 0x7FFE before 4.16. */
export const channelRange = { first: 0x4000, last: 0x4fff } as const;

/** RFC 7983 §7: the first byte tells ChannelData (64 to 79) from STUN (0 to 3). */
export const isChannelData = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & 0xf0) === 0x40;

/** Over TCP and TLS the frame is padded to four bytes, uncounted; over UDP it need not be. */
export function encodeChannelData({ channel, data }: ChannelData, on: 'datagram' | 'stream'): Uint8Array {
  const size = on === 'stream' ? padded(data.length) : data.length;
  const bytes = new Uint8Array(4 + size);
  const view = viewOf(bytes);
  view.setUint16(0, channel);
  view.setUint16(2, data.length);
  bytes.set(data, 4);
  return bytes;
}

export function decodeChannelData(bytes: Uint8Array): ChannelData | Malformed {
  const foreign = foreignProtocol(bytes);
  if (foreign) return malformed(foreign);
  if (bytes.length < 4) return malformed(`${bytes.length} bytes, fewer than the 4 of a ChannelData header`);
  const view = viewOf(bytes);
  const size = view.getUint16(2);
  const present = bytes.length - 4;
  if (size > present) return malformed(`ChannelData length ${size}, but ${present} bytes follow the header`);
  return { channel: view.getUint16(0), data: plain(bytes).slice(4, 4 + size) };
}
