import { StreamFramer } from '../turn/framing.ts';
import { TCP } from './packets.ts';

/** Segments kept while an earlier one is missing. */
const MOST_WAITING = 64;

interface Segment {
  readonly sequence: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

/** What a segment brought: whole messages, or what keeps the stream from being read. */
export interface Brought {
  readonly messages: readonly Uint8Array[];
  readonly note?: string;
}

const NOTHING: Brought = { messages: [] };

/** One direction of a TCP connection in a capture: segments in any order, whole messages out. */
export class TcpStream {
  readonly #framer = new StreamFramer();
  readonly #waiting = new Map<number, Uint8Array>();
  #next: number | undefined;
  /** `lost`: bytes are missing, and where a message starts is not known any more. */
  #state: 'reading' | 'lost' | 'foreign' = 'reading';
  #read = 0;

  take({ sequence, flags, data }: Segment): Brought {
    if (flags & TCP.syn) {
      this.#next = (sequence + 1) >>> 0;
      return NOTHING;
    }
    if (data.length === 0 || this.#state !== 'reading') return NOTHING;
    this.#next ??= sequence;
    // Negative: sent before, as a whole or in part.
    const ahead = (sequence - this.#next) | 0;
    if (ahead > 0) return this.#wait(sequence, data);
    const fresh = data.subarray(-ahead);
    if (-ahead >= data.length || fresh.length === 0) return NOTHING;
    return this.#deliver(fresh);
  }

  #wait(sequence: number, data: Uint8Array): Brought {
    if (this.#waiting.size < MOST_WAITING) {
      this.#waiting.set(sequence, data);
      return NOTHING;
    }
    this.#state = 'lost';
    this.#waiting.clear();
    return {
      messages: [],
      note: 'bytes of this TCP stream are missing in the capture: the rest is not read',
    };
  }

  #deliver(data: Uint8Array): Brought {
    const messages: Uint8Array[] = [];
    let chunk: Uint8Array | undefined = data;
    while (chunk) {
      this.#next = ((this.#next ?? 0) + chunk.length) >>> 0;
      for (const frame of this.#framer.push(chunk)) {
        if (frame.kind === 'junk') {
          this.#state = 'foreign';
          // A stream that never was STUN is somebody else's.
          return this.#read === 0
            ? { messages }
            : { messages, note: `not STUN from here on: ${frame.problem}` };
        }
        this.#read += 1;
        messages.push(frame.bytes);
      }
      const next: Uint8Array | undefined = this.#waiting.get(this.#next);
      this.#waiting.delete(this.#next);
      chunk = next;
    }
    return { messages };
  }
}
