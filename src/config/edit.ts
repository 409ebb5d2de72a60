import { canonicalName } from './directives.ts';
import { CHUNK_BYTES, type ParsedConfig, type ParsedEntry, parseConfig, type Span } from './parse.ts';

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
  /** The list has this value; it is added after the option's last line. */
  | { readonly kind: 'add'; readonly option: string; readonly value: string }
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
  | { readonly kind: 'rename'; readonly target: EditTarget; readonly to: string }
  /** A line of its own after the lines of the target, or at the end without one; skipped when the file has it already. */
  | { readonly kind: 'insert'; readonly text: string; readonly after?: EditTarget }
  | { readonly kind: 'strip-byte-order-mark' }
  /** Lone CR become line ends; CR LF stays. */
  | { readonly kind: 'mend-line-ends' };

interface Splice extends Span {
  /** Bytes as Latin-1. */
  readonly text: string;
}

/**
 * Applies edits, all of them to the lines of the file as given, and leaves every other byte alone.
 * @throws {Error} for a value that no line can hold, or edits that touch the same bytes
 */
export function applyEdits(bytes: Uint8Array, edits: readonly ConfigEdit[]): Uint8Array {
  const file = new EditedFile(parseConfig(bytes, ''));
  const splices = edits.flatMap(edit => file.splicesOf(edit));
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

class EditedFile {
  readonly raw: string;
  readonly #config: ParsedConfig;
  readonly #lineEnd: string;
  readonly #separator: string;

  constructor(config: ParsedConfig) {
    this.#config = config;
    this.raw = Buffer.from(config.bytes).toString('latin1');
    this.#lineEnd = /\r?\n/.exec(this.raw)?.[0] ?? '\n';
    const separators = config.entries.flatMap(({ nameSpan, valueSpan }) =>
      nameSpan && valueSpan ? [this.raw.slice(nameSpan.end, valueSpan.start)] : [],
    );
    // A file that never writes `=` goes on so.
    this.#separator = separators.some(separator => separator.includes('=')) ? '=' : (separators[0] ?? '=');
  }

  splicesOf(edit: ConfigEdit): Splice[] {
    switch (edit.kind) {
      case 'set':
        return this.#set(edit.option, edit.value);
      case 'add': {
        const lines = this.#linesOf(edit.option);
        if (lines.some(({ value }) => value === edit.value)) return [];
        return [this.#insertAfter(lines.at(-1)?.line, this.#newLine(edit.option, edit.value))];
      }
      case 'comment-out':
        return this.#matching(edit.target).map(entry => insertAt(this.#lineOf(entry).start, '#'));
      case 'remove':
        return this.#matching({ option: edit.target.option })
          .filter(({ rawValue }) => rawValue === edit.target.rawValue)
          .map(entry => ({ start: this.#lineOf(entry).start, end: this.#lineOf(entry).next, text: '' }));
      case 'replace-value':
        return this.#matching(edit.target).flatMap(entry => this.#withValue(entry, edit.value));
      case 'keep-part':
        return this.#matching(edit.target).flatMap(entry => keptPart(entry, edit));
      case 'rename':
        return this.#matching(edit.target).map(({ nameSpan }) => ({ ...nameSpan!, text: latin1(edit.to) }));
      case 'insert': {
        const text = latin1(edit.text);
        if (this.#config.lines.some(({ start, end }) => this.raw.slice(start, end) === text)) return [];
        return [this.#insertAfter(edit.after && this.#matching(edit.after).at(-1)?.line, text)];
      }
      case 'strip-byte-order-mark':
        return this.raw.startsWith('\xef\xbb\xbf') ? [{ start: 0, end: 3, text: '' }] : [];
      case 'mend-line-ends':
        return [...this.raw.matchAll(/\r(?!\n)/g)].map(({ index }) => ({
          start: index,
          end: index + 1,
          text: '\n',
        }));
    }
  }

  #set(option: string, value: string | null): Splice[] {
    const lines = this.#linesOf(option);
    const last = lines.at(-1);
    if (!last) return [this.#insertAfter(this.#sampleLine(option), this.#newLine(option, value))];
    const others = lines.slice(0, -1).map(entry => insertAt(this.#lineOf(entry).start, '#'));
    return [...others, ...this.#withValue(last, value)];
  }

  #linesOf(option: string): ParsedEntry[] {
    return this.#config.entries.filter(
      ({ name, overflow }) => !overflow && canonicalName(name) === canonicalName(option),
    );
  }

  #matching({ option, line, rawValue }: EditTarget): ParsedEntry[] {
    return this.#config.entries.filter(
      entry =>
        !entry.overflow &&
        entry.name === option &&
        (line === undefined || entry.line === line) &&
        (rawValue === undefined || entry.rawValue === rawValue),
    );
  }

  #lineOf({ line }: ParsedEntry): { readonly start: number; readonly next: number } {
    return this.#config.lines[line - 1]!;
  }

  #withValue(entry: ParsedEntry, value: string | null): Splice[] {
    if (entry.value === value) return [];
    const nameEnd = entry.nameSpan!.end;
    const valueEnd = entry.valueSpan?.end ?? nameEnd;
    if (value === null) return [{ start: nameEnd, end: valueEnd, text: '' }];
    if (entry.valueSpan) return [{ ...entry.valueSpan, text: written(value) }];
    return [insertAt(nameEnd, this.#separator + written(value))];
  }

  #newLine(option: string, value: string | null): string {
    const line = value === null ? option : option + this.#separator + written(value);
    if (line.length >= CHUNK_BYTES) throw new Error(`a line for ${option} would be longer than coturn reads`);
    return line;
  }

  /** The commented-out example of the option in a distribution's file: where an operator looks for it. */
  #sampleLine(option: string): number | undefined {
    const sample = new RegExp(`^[ \\t]*#[ \\t]?${option}(?=$|[ \\t=])`);
    const index = this.#config.lines.findLastIndex(({ start, end }) =>
      sample.test(this.raw.slice(start, end)),
    );
    return index === -1 ? undefined : index + 1;
  }

  /** At the end of the file when there is no such line. */
  #insertAfter(line: number | undefined, text: string): Splice {
    const before = line === undefined ? this.#config.lines.at(-1) : this.#config.lines[line - 1];
    const at = before?.next ?? 0;
    const unfinished = before !== undefined && before.next === before.end;
    return insertAt(at, unfinished ? this.#lineEnd + text : text + this.#lineEnd);
  }
}

const insertAt = (at: number, text: string): Splice => ({ start: at, end: at, text });

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** In double quotes where coturn would otherwise eat the first or last character. */
function written(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error('a value with a line end or NUL cannot be written');
  return latin1(/^[ \t="]|[ \t\v\f]$/.test(value) ? `"${value}"` : value);
}

function keptPart(
  { rawValue, valueSpan }: ParsedEntry,
  { ofLength, from, to }: { readonly ofLength: number; readonly from: number; readonly to: number },
): Splice[] {
  if (rawValue === null || rawValue.length !== ofLength) return [];
  return [{ ...valueSpan!, text: latin1(rawValue.slice(from, to)) }];
}
