import { concat, hex32, padded, plain, viewOf } from '../stun/bytes.ts';
import { MAGIC_COOKIE } from '../stun/codec.ts';
import { foreignProtocol } from '../stun/foreign.ts';
import { HEADER_SIZE } from '../stun/message.ts';
import { isChannelData } from './channel-data.ts';

export type Frame =
  | { readonly kind: 'stun'; readonly bytes: Uint8Array }
  /** Header and data, without the padding of the stream. */
  | { readonly kind: 'channel-data'; readonly bytes: Uint8Array }
  /** The stream is not STUN (any more); whatever follows is dropped. */
  | { readonly kind: 'junk'; readonly problem: string };

/** Cuts what arrives over TCP or TLS into STUN messages and ChannelData (RFC 8489 §6.2.2, RFC 8656 §12.5). */
export class StreamFramer {
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** Bytes without which nothing more can be said; keeps many small chunks from being joined each time. */
  #needed = 4;
  #broken = false;

  /** Bytes that belong to no complete frame yet, for when the connection closes. */
  get pendingBytes(): number {
    return this.#size;
  }

  /** The frames that are complete now, cut as they are asked for; the same however the stream is split. */
  push(chunk: Uint8Array): Iterable<Frame> {
    if (this.#broken) return [];
    // A copy: the caller may use its buffer again before the frame is complete.
    this.#chunks.push(plain(chunk).slice());
    this.#size += chunk.length;
    return this.#frames();
  }

  *#frames(): Generator<Frame> {
    while (this.#size >= this.#needed && !this.#broken) {
      const stream = this.#joined();
      const cut = cutOne(stream);
      if ('needed' in cut) {
        this.#keep(stream, cut.needed);
        return;
      }
      this.#broken = cut.frame.kind === 'junk';
      this.#keep(stream.subarray(this.#broken ? stream.length : cut.size), 4);
      yield cut.frame;
    }
  }

  /** Everything not cut yet: after ConnectionBind the stream is the peer's data (RFC 6062 §4.5). */
  takeRest(): Uint8Array {
    const rest = this.#joined();
    this.#keep(new Uint8Array(0), 4);
    return rest;
  }

  /** Without a copy where nothing is to be joined: many frames in one chunk stay linear. */
  #joined(): Uint8Array {
    const [only] = this.#chunks;
    return only && this.#chunks.length === 1 ? only : concat(this.#chunks);
  }

  #keep(rest: Uint8Array, needed: number): void {
    this.#chunks = [rest];
    this.#size = rest.length;
    this.#needed = needed;
  }
}

type Cut = { readonly frame: Frame; readonly size: number } | { readonly needed: number };

const junk = (problem: string): Cut => ({ frame: { kind: 'junk', problem }, size: 0 });

function cutOne(bytes: Uint8Array): Cut {
  if (bytes.length < 4) return { needed: 4 };
  const foreign = foreignProtocol(bytes.subarray(0, 4));
  if (foreign) return junk(foreign);
  const length = viewOf(bytes).getUint16(2);
  return isChannelData(bytes) ? cutChannelData(bytes, length) : cutStun(bytes, length);
}

function cutChannelData(bytes: Uint8Array, length: number): Cut {
  const size = 4 + padded(length);
  if (bytes.length < size) return { needed: size };
  return { frame: { kind: 'channel-data', bytes: bytes.slice(0, 4 + length) }, size };
}

function cutStun(bytes: Uint8Array, length: number): Cut {
  // Without the cookie a length would be believed that may stand for anything, and waited for.
  if (bytes.length < 8) return { needed: 8 };
  const cookie = viewOf(bytes).getUint32(4);
  if (cookie !== MAGIC_COOKIE) return junk(`magic cookie ${hex32(cookie)} instead of ${hex32(MAGIC_COOKIE)}`);
  if (length % 4 !== 0) return junk(`length ${length} is not a multiple of 4`);
  const size = HEADER_SIZE + length;
  return bytes.length < size
    ? { needed: size }
    : { frame: { kind: 'stun', bytes: bytes.slice(0, size) }, size };
}
