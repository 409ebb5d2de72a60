import { createTwoFilesPatch } from 'diff';
import { findDirective } from '../config/directives.ts';
import { type ParsedEntry, parseConfig } from '../config/parse.ts';
import { masked, redactedEntry } from '../config/redact.ts';
import { printable } from '../util/text.ts';

/** A comparison of files with more changes than this takes long and is read by nobody. */
const MOST_CHANGES = 4000;

/** What changes in a configuration file, as a unified diff for people: secrets are masked, in comments too. */
export function configDiff(path: string, before: Uint8Array, after: Uint8Array): string {
  const secrets = secretLines(before);
  const patch = createTwoFilesPatch(path, path, shown(before, secrets), shown(after, secrets), '', '', {
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
    maxEditLength: MOST_CHANGES,
  });
  return patch ?? `${path}: more than ${MOST_CHANGES} lines change\n`;
}

/** Lines that hold a secret: what stood behind it may be a part of it, and is moved to a comment. */
const secretLines = (bytes: Uint8Array): readonly string[] =>
  parseConfig(bytes, '').entries.flatMap(entry =>
    redactedEntry(entry).source === entry.text || isPlain(entry) ? [] : [entry.text],
  );

const isPlain = ({ name }: ParsedEntry): boolean => {
  const directive = findDirective(name);
  return directive !== undefined && directive.secret === undefined;
};

function shown(bytes: Uint8Array, secrets: readonly string[]): string {
  const config = parseConfig(bytes, '');
  const byLine = new Map<number, ParsedEntry[]>();
  for (const entry of config.entries) byLine.set(entry.line, [...(byLine.get(entry.line) ?? []), entry]);
  const text = Buffer.from(bytes);
  return config.lines
    .map(({ start, end, next }, i) => {
      const line = text.toString('utf8', start, end);
      const entries = byLine.get(i + 1);
      const safe = entries === undefined ? safeComment(line, secrets) : safeLine(entries);
      return printable(safe).replaceAll('\ufeff', '\\ufeff') + (next > end ? '\n' : '');
    })
    .join('');
}

/** All that coturn reads in the line. What precedes an overflow is a comment too long to read. */
const safeLine = (entries: readonly ParsedEntry[]): string =>
  entries.map(entry => redactedEntry(entry).source).join('');

/** An option that was commented out keeps its secret, and so does what was behind one. */
function safeComment(line: string, secrets: readonly string[]): string {
  const sign = /^[ \t]*#+[ \t]*/.exec(line)?.[0] ?? '';
  const text = line.slice(sign.length);
  if (text !== '' && secrets.some(secret => secret.includes(text))) return sign + masked(text);
  const [entry] = parseConfig(Buffer.from(text), '').entries;
  return entry === undefined || findDirective(entry.name) === undefined
    ? line
    : sign + redactedEntry(entry).source;
}
