import type { ConfigEntry } from '../model/facts.ts';
import type { Problem } from '../model/finding.ts';
import { printable, shortened } from '../util/text.ts';

/** Long lines are quoted up to here; the location says where the rest is. */
const QUOTED_CHARACTERS = 160;

/** Where an option stands and what its line says, for a problem about it. */
export function atEntry(entry: ConfigEntry): Required<Pick<Problem, 'option' | 'at' | 'evidence'>> {
  return { option: entry.name, at: locationOf(entry), evidence: quoted(entry) };
}

/** The same, pointing at the value rather than at the name. */
export function atValue(entry: ConfigEntry): ReturnType<typeof atEntry> {
  const endColumn = entry.valueColumn + (entry.rawValue?.length ?? 0);
  return { ...atEntry(entry), at: { ...locationOf(entry), column: entry.valueColumn, endColumn } };
}

/** `line 12: realm=turn.example.org`, with what could drive a terminal made visible. */
export function quoted(entry: ConfigEntry): string {
  const where = entry.origin === 'file' ? `line ${entry.line}` : 'command line';
  return `${where}: ${shortened(printable(entry.source.trim()), QUOTED_CHARACTERS)}`;
}

/** Several lines as one piece of evidence. */
export const quotedAll = (entries: readonly ConfigEntry[]): string => entries.map(quoted).join('; ');

const locationOf = (entry: ConfigEntry) => ({
  file: entry.file,
  line: entry.line,
  column: entry.column,
  endColumn: entry.column + entry.name.length,
});
