import type { TranscriptEntry } from '../model/transcript.ts';
import { StreamFramer } from '../turn/framing.ts';
import { plural } from '../util/text.ts';
import { explain } from './explain.ts';
import type { Keys } from './keys.ts';
import { readHex } from './read-hex.ts';
import { type CaptureMessages, captureMessages } from './read-messages.ts';
import { readCapture } from './read-pcap.ts';

/** What the bytes of a file, or of the command line, turned out to be. */
export type Input =
  | {
      readonly format: 'pcap' | 'pcapng' | 'hex' | 'binary';
      readonly entries: readonly TranscriptEntry[];
      /** What is not among them, and why. */
      readonly notes: readonly string[];
    }
  | { readonly problem: string };

/** Text that could be hex, and nothing else a message could be. */
const isText = (bytes: Uint8Array): boolean =>
  bytes.length > 0 &&
  bytes
    .subarray(0, 4096)
    .every(byte => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));

/** Explains a capture, a hex dump or the bytes of messages themselves; at most `most` messages. */
export function readInput(bytes: Uint8Array, keys: Keys, most: number): Input {
  const capture = readCapture(bytes);
  if (capture) {
    const { entries, skipped } = captureMessages(capture, keys, most);
    const notes = skippedNotes(skipped, capture.damaged);
    return { format: capture.format, entries, notes };
  }
  if (isText(bytes)) return readText(new TextDecoder().decode(bytes), keys, most);
  return { format: 'binary', ...explainAll(cut(bytes), keys, most) };
}

/** Hex as it stands on the command line or in a file. */
export function readText(text: string, keys: Keys, most: number): Input {
  const read = readHex(text);
  if ('problem' in read) return read;
  return { format: 'hex', ...explainAll(read.packets.flatMap(cut), keys, most) };
}

/** One datagram; or the frames of a stream where the bytes are several messages, with what is left behind them. */
function cut(bytes: Uint8Array): readonly Uint8Array[] {
  const framer = new StreamFramer();
  const frames: Uint8Array[] = [];
  for (const frame of framer.push(bytes)) {
    if (frame.kind === 'junk') return [bytes];
    frames.push(frame.bytes);
  }
  const rest = framer.takeRest();
  if (frames.length < 2 && rest.length > 0) return [bytes];
  return rest.length > 0 ? [...frames, rest] : frames.length === 0 ? [bytes] : frames;
}

function explainAll(
  messages: readonly Uint8Array[],
  keys: Keys,
  most: number,
): { readonly entries: readonly TranscriptEntry[]; readonly notes: readonly string[] } {
  const entries = messages.slice(0, most).map(bytes => ({ message: explain(bytes, keys.of()) }));
  const more = messages.length - entries.length;
  return { entries, notes: more > 0 ? [`${plural(more, 'more message')} not shown (--limit)`] : [] };
}

function skippedNotes(skipped: CaptureMessages['skipped'], damaged: string | undefined): readonly string[] {
  const { packets, fragments, cutOff, unknownLinkTypes, messages } = skipped;
  const notes: (string | false | undefined)[] = [
    messages > 0 && `${plural(messages, 'more message')} not shown (--limit)`,
    packets > 0 && `${plural(packets, 'packet')} of other protocols left out`,
    fragments > 0 &&
      `${plural(fragments, 'IP fragment')} among them, which cannot be read without the others`,
    cutOff > 0 && `${plural(cutOff, 'packet')} cut off by the capture (snap length)`,
    unknownLinkTypes.length > 0 && `link type ${unknownLinkTypes.join(', ')} is not known here`,
    damaged,
  ];
  return notes.filter(note => typeof note === 'string');
}
