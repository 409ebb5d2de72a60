import type { ConfigEntry } from '../model/facts.ts';
import type { UpgradeChange } from '../model/upgrade.ts';
import { type Directive, existsAt, findDirective, readingOf } from './directives.ts';
import { longOption } from './parse-arguments.ts';
import { readBoolean } from './values.ts';
import { isAtLeast, releasesBetween } from './versions.ts';

/** What becomes of each line and argument: dropped, renamed, read for the first time, or read in another way. */
export const lineChanges = (entries: readonly ConfigEntry[], from: string, to: string): UpgradeChange[] =>
  entries.flatMap(entry => {
    const directive = findDirective(entry.name);
    if (directive === undefined) return [];
    const change =
      entry.origin === 'command-line'
        ? argumentChange(entry, from, to)
        : presenceChange(entry, directive, from, to);
    return (
      change ?? deprecation(entry, directive, from, to) ?? readingChange(entry, directive, from, to) ?? []
    );
  });

/** The option that asks for what the removed one, set to false, asked for. */
const OPPOSITES: Readonly<Record<string, string>> = {
  'no-tlsv1': 'tlsv1',
  'no-tlsv1_1': 'tlsv1_1',
  'no-stun-backward-compatibility': 'stun-backward-compatibility',
  'no-dtls': 'dtls',
  prod: 'software-attribute',
};

/** A line of the file that only one of the two releases knows. */
function presenceChange(
  entry: ConfigEntry,
  directive: Directive,
  from: string,
  to: string,
): UpgradeChange | null {
  const { name, since, removed } = directive;
  const [before, after] = [existsAt(directive, from), existsAt(directive, to)];
  if (before === after) return null;
  const about = { option: name, entry };
  if (after) {
    return { ...about, kind: 'notes', since: since!, what: `coturn knows ${name} and the line takes effect` };
  }
  const dropped = {
    ...about,
    kind: 'changes' as const,
    since: removed!,
    what: `coturn has no ${name} and drops the line`,
  };
  if (directive.type === 'flag' && readBoolean(entry.value) === false) {
    const opposite = OPPOSITES[name];
    const remedy = opposite === undefined ? 'Delete the line.' : `Write ${opposite} in its place.`;
    return { ...dropped, what: `${dropped.what}, which asked for the opposite of the default`, remedy };
  }
  const instead = replacementAt(directive, to);
  if (instead !== null) return { ...dropped, remedy: `Write ${instead}.` };
  return {
    ...dropped,
    kind: 'notes',
    what: `${dropped.what}${because(directive)}`,
    remedy: 'Delete the line.',
  };
}

/** What to write in place of an option, unless that is needless itself by then. */
function replacementAt({ replacedBy }: Directive, version: string): string | null {
  if (replacedBy === undefined || replacedBy.startsWith('nothing')) return null;
  const next = findDirective(replacedBy.split('=')[0]!);
  const outlived = next?.deprecated !== undefined && isAtLeast(version, next.deprecated);
  return outlived ? replacementAt(next, version) : replacedBy;
}

const because = ({ replacedBy }: Directive): string =>
  replacedBy?.startsWith('nothing: ') ? ` (${replacedBy.slice('nothing: '.length)})` : '';

/**
 * An argument goes through getopt: one that is gone ends coturn, or is taken for the beginning of another. `--no-tlsv1`
 * means `--no-tlsv1_2` from 4.7.0 on.
 */
function argumentChange(entry: ConfigEntry, from: string, to: string): UpgradeChange | null {
  const written = /^--([^=\s]+)/.exec(entry.source)?.[1];
  const meaningAt = (version: string): string | undefined => {
    if (written !== undefined) return longOption(written, version)?.name;
    return existsAt(findDirective(entry.name)!, version) ? entry.name : undefined;
  };
  const [before, after] = [meaningAt(from), meaningAt(to)];
  if (before === after) return null;
  const since = releasesBetween(from, to).find(release => meaningAt(release) === after) ?? to;
  const shown = written === undefined ? `the letter of ${entry.name}` : `--${written}`;
  const about = { since, option: entry.name, entry, remedy: `Delete ${shown} from the command line.` };
  if (after === undefined) {
    return { ...about, kind: 'breaks', what: `coturn exits with its usage text: it has no ${shown}` };
  }
  if (before === undefined) return { ...about, kind: 'improves', what: `coturn knows ${shown}` };
  return {
    ...about,
    kind: 'breaks',
    what: `coturn takes ${shown} for --${after}`,
  };
}

/** Still taken, with a warning. */
function deprecation(
  entry: ConfigEntry,
  directive: Directive,
  from: string,
  to: string,
): UpgradeChange | null {
  const { name, deprecated } = directive;
  if (deprecated === undefined || isAtLeast(from, deprecated) || !isAtLeast(to, deprecated)) return null;
  if (!existsAt(directive, from) || !existsAt(directive, to)) return null;
  const instead = replacementAt(directive, to);
  return {
    kind: 'notes',
    since: deprecated,
    what: `${name} is deprecated, and coturn warns about it${because(directive)}`,
    option: name,
    entry,
    remedy: instead === null ? 'Delete the line.' : `Write ${instead}.`,
  };
}

/** A flag whose value begins to count. */
function readingChange(
  entry: ConfigEntry,
  directive: Directive,
  from: string,
  to: string,
): UpgradeChange | null {
  if (directive.type !== 'flag' || readBoolean(entry.value) !== false) return null;
  if (readingOf(directive, from) !== 'presence' || readingOf(directive, to) !== 'honoured') return null;
  const since = releasesBetween(from, to).find(release => readingOf(directive, release) === 'honoured') ?? to;
  return {
    kind: 'notes',
    since,
    what: `coturn reads the value of ${directive.name}, which is off by this line and was on`,
    option: directive.name,
    entry,
    remedy: `Write ${directive.name} alone to keep it on.`,
  };
}
