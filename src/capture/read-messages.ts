import type { TranscriptEntry } from '../model/transcript.ts';
import { formatAddress, type TransportAddress } from '../model/transport.ts';
import { viewOf } from '../stun/bytes.ts';
import { MAGIC_COOKIE } from '../stun/codec.ts';
import { HEADER_SIZE } from '../stun/message.ts';
import { isChannelData } from '../turn/channel-data.ts';
import { dissect } from './dissect.ts';
import { explain } from './explain.ts';
import type { Keys } from './keys.ts';
import { ipPacketIn, isKnownLinkType } from './link-layer.ts';
import type { Capture, Frame } from './read-pcap.ts';
import { TcpStream } from './tcp-stream.ts';

/** What is in a capture. */
export interface CaptureMessages {
  readonly entries: readonly TranscriptEntry[];
  /** Packets that are not STUN, and what could not be read. */
  readonly skipped: {
    readonly packets: number;
    readonly fragments: number;
    readonly cutOff: number;
    readonly unknownLinkTypes: readonly number[];
    /** Messages beyond the most that are shown. */
    readonly messages: number;
  };
}

const MOST_STREAMS = 10_000;

/** Ports at which ChannelData is expected without a STUN message before it. */
const TURN_PORTS = new Set([3478, 5349]);

/** STUN and ChannelData in a capture, message by message. */
export function captureMessages({ frames }: Capture, keys: Keys, most: number): CaptureMessages {
  const reader = new Reader(keys, most);
  for (const frame of frames) reader.take(frame);
  return reader.result();
}

class Reader {
  readonly #keys: Keys;
  readonly #most: number;
  readonly #entries: TranscriptEntry[] = [];
  readonly #streams = new Map<string, TcpStream>();
  /** Pairs of ends that have spoken STUN over UDP. */
  readonly #speakers = new Set<string>();
  readonly #unknownLinkTypes = new Set<number>();
  #start: bigint | undefined;
  #packets = 0;
  #fragments = 0;
  #cutOff = 0;
  #messages = 0;

  constructor(keys: Keys, most: number) {
    this.#keys = keys;
    this.#most = most;
  }

  result(): CaptureMessages {
    return {
      entries: this.#entries,
      skipped: {
        packets: this.#packets,
        fragments: this.#fragments,
        cutOff: this.#cutOff,
        unknownLinkTypes: [...this.#unknownLinkTypes],
        messages: this.#messages,
      },
    };
  }

  take(frame: Frame): void {
    this.#start ??= frame.atNs;
    if (!isKnownLinkType(frame.linkType)) this.#unknownLinkTypes.add(frame.linkType);
    if (frame.missing > 0) this.#cutOff += 1;
    const packet = ipPacketIn(frame.bytes, frame.linkType);
    const read = packet && dissect(packet);
    if (read?.kind === 'udp' && this.#isOurs(read.from, read.to, read.data)) {
      this.#add(frame, { transport: 'udp', from: read.from, to: read.to }, read.data);
    } else if (read?.kind === 'tcp') {
      const brought = this.#streamOf(read.from, read.to)?.take(read);
      const ends = { transport: 'tcp' as const, from: read.from, to: read.to };
      for (const bytes of brought?.messages ?? []) this.#add(frame, ends, bytes);
      if (brought?.note) this.#note(frame, ends, brought.note);
      if (!brought?.messages.length && read.data.length > 0) this.#packets += 1;
    } else {
      this.#packets += 1;
      if (read?.kind === 'fragment') this.#fragments += 1;
    }
  }

  #isOurs(from: TransportAddress, to: TransportAddress, data: Uint8Array): boolean {
    const pair = [formatAddress(from), formatAddress(to)].sort().join(' ');
    if (looksLikeStun(data)) {
      if (this.#speakers.size < MOST_STREAMS) this.#speakers.add(pair);
      return true;
    }
    const expected = this.#speakers.has(pair) || TURN_PORTS.has(from.port) || TURN_PORTS.has(to.port);
    return expected && data.length >= 4 && isChannelData(data);
  }

  #streamOf(from: TransportAddress, to: TransportAddress): TcpStream | undefined {
    const key = `${formatAddress(from)} ${formatAddress(to)}`;
    const found = this.#streams.get(key);
    if (found || this.#streams.size >= MOST_STREAMS) return found;
    const stream = new TcpStream();
    this.#streams.set(key, stream);
    return stream;
  }

  #add(frame: Frame, ends: Ends, bytes: Uint8Array): void {
    if (this.#entries.length >= this.#most) {
      this.#messages += 1;
      return;
    }
    const message = explain(bytes, this.#keys.of(formatAddress(ends.from), formatAddress(ends.to)));
    this.#entries.push({ ...this.#where(frame, ends), message });
  }

  #note(frame: Frame, ends: Ends, text: string): void {
    if (this.#entries.length < this.#most) {
      this.#entries.push({ ...this.#where(frame, ends), message: { kind: 'note', text } });
    }
  }

  #where({ atNs }: Frame, { transport, from, to }: Ends): Omit<TranscriptEntry, 'message'> {
    return {
      ...(atNs === undefined ? {} : { atMs: Number(atNs - (this.#start ?? atNs)) / 1e6 }),
      transport,
      from: formatAddress(from),
      to: formatAddress(to),
    };
  }
}

interface Ends {
  readonly transport: 'udp' | 'tcp';
  readonly from: TransportAddress;
  readonly to: TransportAddress;
}

/** With the cookie, whatever else is wrong with it; without, when it has the shape of RFC 3489. */
function looksLikeStun(data: Uint8Array): boolean {
  if (data.length < HEADER_SIZE || (data[0] ?? 0) > 3) return false;
  const view = viewOf(data);
  if (view.getUint32(4) === MAGIC_COOKIE) return true;
  const [type, length] = [view.getUint16(0), view.getUint16(2)];
  return (type & 0xfeef) === 1 && length % 4 === 0 && length === data.length - HEADER_SIZE;
}
