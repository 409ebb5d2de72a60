import { canonicalName } from './directives.ts';
import {
  CHUNK_BYTES,
  type ParsedConfig,
  type ParsedEntry,
  type ParsedLine,
  parseConfig,
  type Span,
} from './parse.ts';

/**
 * Which lines an edit means: those of this name as written, on this line, with this raw value, as far as given.
 * The value keeps an edit from meeting another line of the same option after lines have moved.
 */
export interface EditTarget {
  readonly option: string;
  readonly line?: number;
  readonly rawValue?: string;
}

/** A change to turnserver.conf that is done when it is done: applying it again changes nothing. */
export type ConfigEdit =
  /** The option has this value: its last line is rewritten, others are commented out, or a line is added. Null: bare name. */
  | { readonly kind: 'set'; readonly option: string; readonly value: string | null }
  /** The list has this value; it is added after the option's last line, or before its first. */
  | { readonly kind: 'add'; readonly option: string; readonly value: string; readonly first?: true }
  | { readonly kind: 'comment-out'; readonly target: EditTarget }
  /** Deletes every line that reads exactly so. */
  | {
      readonly kind: 'remove';
      readonly target: { readonly option: string; readonly rawValue: string | null };
    }
  | { readonly kind: 'replace-value'; readonly target: EditTarget; readonly value: string | null }
  /** Keeps part of a raw value of this length, unseen: for quotes or a comment around a secret. */
  | {
      readonly kind: 'keep-part';
      readonly target: EditTarget;
      readonly ofLength: number;
      readonly from: number;
      readonly to: number;
    }
  /** A would-be comment behind the first `to` characters of a raw value of this length goes on a line of its own above. */
  | {
      readonly kind: 'lift-comment';
      readonly target: EditTarget;
      readonly ofLength: number;
      readonly to: number;
    }
  | { readonly kind: 'delete-line'; readonly target: EditTarget }
  | { readonly kind: 'rename'; readonly target: EditTarget; readonly to: string }
  /** A line of its own after the lines of the target, or at the end without one; skipped when the file has it already. */
  | { readonly kind: 'insert'; readonly text: string; readonly after?: EditTarget }
  | { readonly kind: 'strip-byte-order-mark' }
  /** Lone CR become line ends; CR LF stays. */
  | { readonly kind: 'mend-line-ends' }
  | { readonly kind: 'strip-nul-bytes' };

interface Splice extends Span {
  /** Bytes as Latin-1. */
  readonly text: string;
}

/**
 * Applies edits, all of them to the lines of the file as given, and leaves every other byte alone.
 * @throws {Error} for a value that no line can hold, or edits that touch the same bytes
 */
export function applyEdits(bytes: Uint8Array, edits: readonly ConfigEdit[]): Uint8Array {
  const file = openFile(parseConfig(bytes, ''));
  const splices = edits.flatMap(edit => splicesOf(file, edit));
  // Array.sort is stable: lines added at the same place keep their order.
  splices.sort((a, b) => a.start - b.start || a.end - b.end);
  let done = '';
  let at = 0;
  for (const { start, end, text } of splices) {
    if (start < at) throw new Error('two edits touch the same bytes');
    done += file.raw.slice(at, start) + text;
    at = end;
  }
  return Buffer.from(done + file.raw.slice(at), 'latin1');
}

/** The file and its habits, which new lines follow. */
interface OpenFile {
  /** Bytes as Latin-1, so that offsets are those of the parser. */
  readonly raw: string;
  readonly entries: readonly ParsedEntry[];
  /** An overflow has no line of its own. */
  readonly byLine: ReadonlyMap<number, readonly ParsedEntry[]>;
  /** Numbers of the lines that coturn reads as more than one. */
  readonly overlong: ReadonlySet<number>;
  readonly lines: readonly ParsedLine[];
  readonly lineEnd: string;
  readonly separator: string;
}

function openFile(config: ParsedConfig): OpenFile {
  const raw = Buffer.from(config.bytes).toString('latin1');
  const separators = config.entries.flatMap(({ nameSpan, valueSpan }) =>
    nameSpan && valueSpan ? [raw.slice(nameSpan.end, valueSpan.start)] : [],
  );
  return {
    raw,
    entries: config.entries,
    byLine: new Map(config.entries.filter(entry => !entry.overflow).map(entry => [entry.line, [entry]])),
    overlong: new Set(config.entries.filter(({ overflow }) => overflow).map(({ line }) => line)),
    lines: config.lines,
    lineEnd: /\r?\n/.exec(raw)?.[0] ?? '\n',
    // A file that never writes `=` goes on so.
    separator: separators.some(separator => separator.includes('=')) ? '=' : (separators[0] ?? '='),
  };
}

function splicesOf(file: OpenFile, edit: ConfigEdit): Splice[] {
  switch (edit.kind) {
    case 'set':
      return settingSplices(file, edit.option, edit.value);
    case 'add': {
      const lines = linesOf(file, edit.option);
      if (lines.some(({ value }) => value === edit.value)) return [];
      const line = newLine(file, edit.option, edit.value);
      if (edit.first && lines[0]) return [insertAt(lineOf(file, lines[0]).start, line + file.lineEnd)];
      return [insertAfter(file, lines.at(-1)?.line, line)];
    }
    case 'comment-out':
      return matching(file, edit.target).map(entry => commentedOut(file, entry));
    case 'remove':
      return matching(file, { option: edit.target.option })
        .filter(({ rawValue }) => rawValue === edit.target.rawValue)
        .map(entry => deletedLine(file, entry));
    case 'replace-value':
      return matching(file, edit.target).flatMap(entry => withValue(file, entry, edit.value));
    case 'keep-part':
      return matching(file, edit.target).flatMap(entry => keptPart(entry, edit));
    case 'lift-comment':
      return matching(file, edit.target).flatMap(entry => liftedComment(file, entry, edit));
    case 'delete-line':
      return matching(file, edit.target).map(entry => deletedLine(file, entry));
    case 'rename':
      return matching(file, edit.target).map(({ nameSpan }) => ({ ...nameSpan!, text: latin1(edit.to) }));
    case 'insert': {
      const text = latin1(edit.text);
      if (file.lines.some(({ start, end }) => file.raw.slice(start, end) === text)) return [];
      return [insertAfter(file, edit.after && matching(file, edit.after).at(-1)?.line, text)];
    }
    case 'strip-byte-order-mark':
      return file.raw.startsWith('\xef\xbb\xbf') ? [{ start: 0, end: 3, text: '' }] : [];
    case 'mend-line-ends':
      return everywhere(file, /\r(?!\n)/g, '\n');
    case 'strip-nul-bytes':
      return everywhere(file, /\0/g, '');
  }
}

const everywhere = ({ raw }: OpenFile, byte: RegExp, text: string): Splice[] =>
  [...raw.matchAll(byte)].map(({ index }) => ({ start: index, end: index + 1, text }));

function deletedLine(file: OpenFile, entry: ParsedEntry): Splice {
  const { start, next } = lineOf(file, entry);
  return { start, end: next, text: '' };
}

function settingSplices(file: OpenFile, option: string, value: string | null): Splice[] {
  const lines = linesOf(file, option);
  const last = lines.at(-1);
  if (!last) return [insertAfter(file, sampleLine(file, option), newLine(file, option, value))];
  return [...lines.slice(0, -1).map(entry => commentedOut(file, entry)), ...withValue(file, last, value)];
}

/** Lines that set the option under any of its names. An overflow has no line of its own to edit. */
const linesOf = ({ entries }: OpenFile, option: string): ParsedEntry[] =>
  entries.filter(({ name, overflow }) => !overflow && canonicalName(name) === canonicalName(option));

const matching = (file: OpenFile, { option, line, rawValue }: EditTarget): readonly ParsedEntry[] =>
  (line === undefined ? file.entries : (file.byLine.get(line) ?? [])).filter(
    entry =>
      !entry.overflow && entry.name === option && (rawValue === undefined || entry.rawValue === rawValue),
  );

const lineOf = ({ lines }: OpenFile, { line }: ParsedEntry): ParsedLine => lines[line - 1]!;

const commentedOut = (file: OpenFile, entry: ParsedEntry): Splice => insertAt(lineOf(file, entry).start, '#');

function withValue(file: OpenFile, entry: ParsedEntry, value: string | null): Splice[] {
  const { value: present, nameSpan, valueSpan } = entry;
  if (present === value) return [];
  // The rest of an over-long line stays a line of its own, as coturn reads it, and does not become part of the value.
  const rest = file.overlong.has(entry.line) ? file.lineEnd : '';
  const nameEnd = nameSpan!.end;
  if (value === null) return [{ start: nameEnd, end: valueSpan?.end ?? nameEnd, text: rest }];
  if (valueSpan) return [{ ...valueSpan, text: written(value) + rest }];
  return [insertAt(nameEnd, file.separator + written(value) + rest)];
}

function newLine({ separator }: OpenFile, option: string, value: string | null): string {
  const line = value === null ? option : option + separator + written(value);
  if (line.length >= CHUNK_BYTES) throw new Error(`a line for ${option} would be longer than coturn reads`);
  return line;
}

/** The commented-out example of the option in a distribution's file: where an operator looks for it. */
function sampleLine({ raw, lines }: OpenFile, option: string): number | undefined {
  const sample = new RegExp(`^[ \\t]*#[ \\t]?${option}(?=$|[ \\t=])`);
  const index = lines.findLastIndex(({ start, end }) => sample.test(raw.slice(start, end)));
  return index === -1 ? undefined : index + 1;
}

/** At the end of the file when there is no such line. */
function insertAfter({ lines, lineEnd }: OpenFile, line: number | undefined, text: string): Splice {
  const before = line === undefined ? lines.at(-1) : lines[line - 1];
  const unfinished = before !== undefined && before.next === before.end;
  return insertAt(before?.next ?? 0, unfinished ? lineEnd + text : text + lineEnd);
}

const insertAt = (at: number, text: string): Splice => ({ start: at, end: at, text });

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** In double quotes where coturn would otherwise eat the first or last character. */
function written(value: string): string {
  if (value === '') return '""';
  if (/[\r\n\0]/.test(value)) throw new Error('a value with a line end or NUL cannot be written');
  return latin1(/^[ \t="]|[ \t\v\f]$/.test(value) ? `"${value}"` : value);
}

function keptPart(
  entry: ParsedEntry,
  { ofLength, from, to }: { readonly ofLength: number; readonly from: number; readonly to: number },
): Splice[] {
  const { rawValue, valueSpan } = entry;
  if (rawValue?.length !== ofLength || valueSpan === null) return [];
  return [
    { start: valueSpan.start, end: byteAt(entry, from), text: '' },
    { start: byteAt(entry, to), end: valueSpan.end, text: '' },
  ];
}

function liftedComment(
  file: OpenFile,
  entry: ParsedEntry,
  { ofLength, to }: { readonly ofLength: number; readonly to: number },
): Splice[] {
  const { rawValue, nameSpan, valueSpan } = entry;
  if (rawValue?.length !== ofLength || nameSpan === null || valueSpan === null) return [];
  const { start, end } = lineOf(file, entry);
  // The comment would go on in what coturn reads as the next line.
  if (end - start > CHUNK_BYTES) return [];
  const kept = rawValue.slice(0, to).trimEnd().length;
  const comment = file.raw.slice(byteAt(entry, to), valueSpan.end).replace(/^(?:#+|\/\/|;)[ \t]*/, '');
  return [
    insertAt(start, `# ${comment}${file.lineEnd}`),
    { start: kept === 0 ? nameSpan.end : byteAt(entry, kept), end: valueSpan.end, text: '' },
  ];
}

/** Offset in the file of a character of the raw value. */
function byteAt({ rawValue, valueSpan }: ParsedEntry, index: number): number {
  const { start, end } = valueSpan!;
  const encoding = end - start === rawValue!.length ? 'latin1' : 'utf8';
  return start + Buffer.byteLength(rawValue!.slice(0, index), encoding);
}
