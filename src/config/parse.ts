import type { ConfigFact, SyntaxFault } from '../model/facts.ts';
import { isAtLeast, NEWEST_RELEASE } from './versions.ts';

/** Bytes from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * One option in clear text, secrets included: never part of a fact. Use `configFact` of `redact.ts` for those.
 * Fields that `ConfigEntry` has too mean the same there.
 */
export interface ParsedEntry {
  readonly origin: 'file' | 'command-line';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name: string;
  readonly rawValue: string | null;
  readonly valueColumn: number;
  readonly value: string | null;
  /** What coturn reads as one line, and the column at which that starts (above 1 only for an overflow). */
  readonly text: string;
  readonly textColumn: number;
  readonly overflow: boolean;
  /** Where the text, the name and the raw value are in the file; null on the command line. */
  readonly span: Span | null;
  readonly nameSpan: Span | null;
  readonly valueSpan: Span | null;
}

/** A line of the file, up to its line feed. */
export interface ParsedLine {
  readonly start: number;
  /** End of the content, before LF or CR LF. */
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
}

/** A file as coturn reads it. Joining the bytes of all lines gives the file back. */
export interface ParsedConfig {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Worked out when asked for: a large file has more lines than options. */
  readonly lines: readonly ParsedLine[];
  readonly entries: readonly ParsedEntry[];
  readonly faults: readonly SyntaxFault[];
  readonly optionLines: number;
  readonly ignores: ConfigFact['ignores'];
}

/** coturn reads with fgets into 1024 bytes, so a line of more than 1023 bytes goes on as another line. */
export const CHUNK_BYTES = 1023;

/** No configuration has as many options; what lies beyond is not read, and that is a fault of the file. */
const MOST_ENTRIES = 200_000;

/**
 * Reads turnserver.conf exactly as `read_config_file` and `parse_arg_string` of coturn do, which know nothing of inline
 * comments, escapes or sections. Any bytes are a configuration to coturn, so this cannot fail.
 */
export function parseConfig(bytes: Uint8Array, file: string, version: string = NEWEST_RELEASE): ParsedConfig {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  // What most files have none of needs no look at every line.
  const decoder = NOT_ASCII.test(raw) ? decoderOf : () => asIs;
  const hasStrayBytes = raw.includes('\0') || (raw.includes('\r') && /\r[^\n]/.test(raw));
  const hasIgnores = raw.includes('turnctl-ignore');
  const commentsMatter = hasStrayBytes || hasIgnores;
  const encoding = encodingFault(raw);
  const faults: SyntaxFault[] = encoding ? [{ kind: encoding, line: 1, column: 1 }] : [];
  const isText = encoding === null || encoding === 'byte-order-mark';
  const entries: ParsedEntry[] = [];
  const ignores: { rule: string; reason: string; line: number }[] = [];
  let optionLines = 0;
  let number = 0;

  for (let line = lineAt(raw, 0); line.start < raw.length; line = lineAt(raw, line.next)) {
    const { start, end, next } = line;
    number++;
    if (end === start || (raw[start] === '#' && !commentsMatter && next - start <= CHUNK_BYTES)) continue;
    if (entries.length >= MOST_ENTRIES) {
      faults.push({ kind: 'cut-short', line: number, column: 1 });
      break;
    }
    if (isText && hasStrayBytes) faults.push(...byteFaults(raw.slice(start, end), number));
    let textColumn = 1;
    for (let at = start; at < next; at += CHUNK_BYTES) {
      const chunk = raw.slice(at, Math.min(at + CHUNK_BYTES, next));
      const decode = decoder(chunk);
      const content = contentOf(chunk, version);
      const overflow = at > start;
      if (content.kind === 'comment') {
        const ignore = hasIgnores ? IGNORE.exec(decode(chunk)) : null;
        if (ignore) ignores.push({ rule: ignore[1]!, reason: ignore[2]!.trim(), line: number });
      } else if (content.kind === 'option') {
        if (!overflow) optionLines++;
        else faults.push({ kind: 'line-too-long', line: number, column: textColumn });
        entries.push(entryOf(content, { file, line: number, textColumn, overflow, at, decode }));
      }
      textColumn += decode(chunk).length;
    }
  }
  return {
    file,
    bytes,
    get lines() {
      return linesOf(raw);
    },
    entries,
    faults,
    optionLines,
    ignores,
  };
}

/** `# turnctl-ignore listener/no-stun: measured, nobody needs it` */
const IGNORE = /#\s*turnctl-ignore\s+([\w-]+\/[\w-]+|\*)\s*:\s*(\S.*)/;

function lineAt(raw: string, start: number): ParsedLine {
  const feed = raw.indexOf('\n', start);
  if (feed === -1) return { start, end: raw.length, next: raw.length };
  return { start, end: feed > start && raw[feed - 1] === '\r' ? feed - 1 : feed, next: feed + 1 };
}

function linesOf(raw: string): ParsedLine[] {
  const lines: ParsedLine[] = [];
  for (let line = lineAt(raw, 0); line.start < raw.length; line = lineAt(raw, line.next)) lines.push(line);
  return lines;
}

type Content =
  | { readonly kind: 'blank' | 'comment' }
  | {
      readonly kind: 'option';
      readonly text: string;
      readonly nameStart: number;
      readonly nameEnd: number;
      readonly valueStart: number | null;
    };

/** What coturn sees in one chunk. Offsets count bytes from its start. */
function contentOf(chunk: string, version: string): Content {
  // C strings end at a NUL. Only these three are skipped in front: a carriage return becomes part of the name.
  const nul = chunk.indexOf('\0');
  const visible = nul === -1 ? chunk : chunk.slice(0, nul);
  let nameStart = 0;
  while (nameStart < visible.length && ' \t\n'.includes(visible[nameStart]!)) nameStart++;
  if (visible[nameStart] === '#') return { kind: 'comment' };
  const text = withoutTrailing(visible, isAtLeast(version, '4.5.1.2') ? ' \t\n\v\f\r' : '\n\r');
  if (text.length <= nameStart) return { kind: 'blank' };
  const separator = /[ \t=]+/g;
  separator.lastIndex = nameStart;
  const found = separator.exec(text);
  if (!found) return { kind: 'option', text, nameStart, nameEnd: text.length, valueStart: null };
  return { kind: 'option', text, nameStart, nameEnd: found.index, valueStart: separator.lastIndex };
}

function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly textColumn: number;
  readonly overflow: boolean;
  /** Offset of the chunk in the file. */
  readonly at: number;
  readonly decode: Decoder;
}

function entryOf(content: Extract<Content, { kind: 'option' }>, place: Place): ParsedEntry {
  const { text, nameStart, nameEnd, valueStart } = content;
  const { file, line, textColumn, overflow, at, decode } = place;
  const rawValue = valueStart === null ? null : decode(text.slice(valueStart));
  const end = at + text.length;
  return {
    origin: 'file',
    file,
    line,
    column: textColumn + decode(text.slice(0, nameStart)).length,
    name: decode(text.slice(nameStart, nameEnd)),
    rawValue,
    valueColumn: textColumn + decode(text.slice(0, valueStart ?? text.length)).length,
    value: rawValue === null ? null : unquoted(rawValue),
    text: decode(text),
    textColumn,
    overflow,
    span: { start: at, end },
    nameSpan: { start: at + nameStart, end: at + nameEnd },
    valueSpan: valueStart === null ? null : { start: at + valueStart, end },
  };
}

/** Takes off a double quote at the start, and then one at the end, as `parse_arg_string` does. There are no escapes. */
export function unquoted(rawValue: string): string {
  if (!rawValue.startsWith('"')) return rawValue;
  const inner = withoutTrailing(rawValue.slice(1), ' \t\n\r');
  return inner.endsWith('"') ? inner.slice(0, -1) : inner;
}

type Decoder = (latin1: string) => string;

/** coturn does not care about encodings; we show UTF-8 where the bytes are, and Latin-1 where they are not. */
function decoderOf(chunk: string): Decoder {
  if (!NOT_ASCII.test(chunk)) return asIs;
  const asUtf8: Decoder = text => Buffer.from(text, 'latin1').toString('utf8');
  return asUtf8(chunk).includes('\ufffd') ? asIs : asUtf8;
}

const asIs: Decoder = text => text;

const NOT_ASCII = /[^\0-\x7f]/;

/** How far into a file we look for its encoding. */
const SAMPLE_BYTES = 65536;

function encodingFault(raw: string): 'utf-16' | 'binary' | 'byte-order-mark' | null {
  const sample = raw.slice(0, SAMPLE_BYTES);
  const nuls = sample.split('\0').length - 1;
  if (
    /^(?:\xff\xfe|\xfe\xff)/.test(sample) ||
    (nuls > sample.length / 4 && /^(?:[^\0]\0|\0[^\0]){4}/.test(sample))
  ) {
    return 'utf-16';
  }
  const controls = sample.match(/[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0;
  // A stray NUL in a small file is a fault of its own; a program or an archive has far more.
  if (controls > 8 && controls > sample.length / 50) return 'binary';
  return raw.startsWith('\xef\xbb\xbf') ? 'byte-order-mark' : null;
}

function byteFaults(line: string, number: number): SyntaxFault[] {
  const faults: SyntaxFault[] = [];
  const nul = line.indexOf('\0');
  const columnAt = (byte: number): number => decoderOf(line)(line.slice(0, byte)).length + 1;
  if (nul !== -1) faults.push({ kind: 'nul-byte', line: number, column: columnAt(nul) });
  const cr = /\r(?=[^\r])/.exec(line);
  if (cr) faults.push({ kind: 'cr-only', line: number, column: columnAt(cr.index) });
  return faults;
}
