import { concat } from '../stun/bytes.ts';
import { HEADER_SIZE } from '../stun/message.ts';
import { StreamFramer } from '../turn/framing.ts';
import { hideSecrets, type Screen } from './hide-secrets.ts';

/** A frame of a stream, and the piece that completed it. */
export interface PlacedFrame {
  readonly piece: number;
  readonly bytes: Uint8Array;
}

/** One direction of a stream, cut into frames. */
export interface FramedStream {
  readonly frames: readonly PlacedFrame[];
  /** The same pieces, as they came, without secrets. */
  readonly safe: readonly Uint8Array[];
  /** Where the stream stopped being STUN, and why. */
  readonly broken?: { readonly piece: number; readonly problem: string };
}

/**
 * Cuts one direction of a stream into messages, and hides what must not leave in each, also where it lies across
 * two pieces. What belongs to no message is kept only with `keepRest`: an HTTP answer says much, a peer's data nothing.
 */
export function frameStream(
  pieces: readonly Uint8Array[],
  { keepRest, screen }: { readonly keepRest: boolean; readonly screen: Screen },
): FramedStream {
  const framer = new StreamFramer();
  const frames: PlacedFrame[] = [];
  let broken: FramedStream['broken'];
  pieces.forEach((bytes, piece) => {
    for (const frame of framer.push(bytes)) {
      if (frame.kind === 'junk') broken = { piece, problem: frame.problem };
      else frames.push({ piece, bytes: frame.bytes });
    }
  });
  return { frames, safe: withoutSecrets(pieces, frames, { keepRest, screen }), ...(broken && { broken }) };
}

function withoutSecrets(
  pieces: readonly Uint8Array[],
  frames: readonly PlacedFrame[],
  { keepRest, screen }: { readonly keepRest: boolean; readonly screen: Screen },
): readonly Uint8Array[] {
  const whole = concat(pieces);
  let offset = 0;
  for (const { bytes } of frames) {
    const isStun = (bytes[0] ?? 0) < 4;
    hideSecrets(whole.subarray(offset, offset + bytes.length), screen);
    // ChannelData is padded in a stream.
    offset += isStun ? bytes.length : (bytes.length + 3) & ~3;
  }
  // The beginning of a message that never ended may hold half an integrity value.
  const rest = whole.subarray(offset);
  if (!keepRest) rest.fill(0);
  else if ((rest[0] ?? 0) < 4) rest.subarray(HEADER_SIZE).fill(0);
  else screen.foreign(rest);
  let start = 0;
  return pieces.map(({ length }) => {
    start += length;
    return whole.subarray(start - length, start);
  });
}
