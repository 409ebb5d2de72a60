import type { ConfigEntry } from '../model/facts.ts';
import type { Report } from '../model/report.ts';
import { CONTROL, printable } from '../util/text.ts';

/**
 * The report with control characters made visible in every text. SOFTWARE, a reason phrase, a log or a file may hold
 * anything, and nothing of it may drive a terminal or the log viewer of a CI server. Line ends stay.
 */
export function withVisibleControls(report: Report): Report {
  const { facts, sources, ...rest } = report;
  const isPlain = (entry: ConfigEntry): boolean => !ONE_CONTROL.test(entry.source);
  if (!hasControl(rest) && sources.every(({ entries }) => entries.every(isPlain))) return report;
  return {
    ...visible(rest),
    ...(facts === undefined ? {} : { facts }),
    // One for one, so that a caret still points to the right place.
    sources: sources.map(source => ({
      ...source,
      entries: source.entries.map(entry => ({ ...entry, source: entry.source.replace(CONTROL, '?') })),
    })),
  };
}

/** JSON that is safe to print: the same value, with the characters escaped that `JSON.stringify` leaves as they are. */
export const escapedJson = (json: string): string =>
  json.replace(CONTROL, character =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** One character of CONTROL that is no line end. */
const ONE_CONTROL = new RegExp(`(?!\\n)${CONTROL.source}`);

function hasControl(value: unknown): boolean {
  if (typeof value === 'string') return ONE_CONTROL.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.some(hasControl) : Object.values(value).some(hasControl);
}

function visible<T>(value: T): T {
  if (typeof value === 'string') return value.split('\n').map(printable).join('\n') as T;
  if (Array.isArray(value)) return value.map(visible) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visible(inner)])) as T;
}
