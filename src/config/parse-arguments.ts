import { type Build, DIRECTIVES, type Directive, isKnown } from './directives.ts';
import type { ParsedEntry } from './parse.ts';

/** The command line of turnserver, in clear text. */
export interface ParsedArguments {
  readonly entries: readonly ParsedEntry[];
  /** The value of the last `-c`, seen only as an argument of its own. */
  readonly configFile: string | null;
  /** False with `-n`: no file is read. */
  readonly readsFile: boolean;
  /** Why coturn prints its usage and exits instead of starting, if it does. */
  readonly exits: string | null;
  /** Words coturn reports as "Unknown argument" and runs on. */
  readonly extra: readonly string[];
}

/** What getopt makes of one argument, and of the next one where that is its value. */
interface Step {
  readonly options: readonly {
    readonly directive: Directive;
    readonly value: string | null;
    readonly text: string;
  }[];
  readonly refused: string | null;
  readonly usesNext: boolean;
}

/**
 * Reads argv (element 0 is the program) as coturn does: getopt_long with abbreviations, and `-c`, `-n`, `-h` by a scan of
 * their own for whole arguments. `line` of an entry is its place in argv, `name` the long name it stands for.
 */
export function parseArguments(
  argv: readonly string[],
  version: string,
  { build = 'full', file = '<command line>' }: { build?: Build; file?: string } = {},
): ParsedArguments {
  const known = DIRECTIVES.filter(({ name }) => isKnown(name, version, build));
  const entries: ParsedEntry[] = [];
  const extra: string[] = [];
  let exits: string | null = argv.includes('-h', 1) ? '-h' : null;

  for (let i = 1; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === '--') {
      extra.push(...argv.slice(i + 1));
      break;
    }
    if (argument === '-' || !argument.startsWith('-')) {
      extra.push(argument);
      continue;
    }
    const read = argument.startsWith('--') ? readLong : readLetters;
    const { options, refused, usesNext } = read(argument, argv[i + 1], known);
    exits ??= refused;
    for (const { directive, value, text } of options) {
      if (directive.commandLineOnly) exits ??= `--${directive.name}`;
      else entries.push(argumentEntry(directive.name, value, text, file, i));
    }
    if (usesNext) i++;
  }
  const lastC = argv.lastIndexOf('-c', argv.length - 2);
  const configFile = lastC > 0 ? argv[lastC + 1]! : null;
  return { entries, extra, exits, configFile, readsFile: !argv.includes('-n', 1) };
}

const refusal = (refused: string): Step => ({ options: [], refused, usesNext: false });

/** `--name`, `--name=value`, and `--name value` where a value must be. */
function readLong(argument: string, next: string | undefined, known: readonly Directive[]): Step {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(argument)!;
  const directive = resolve(name, known);
  // Only what looks like a name is repeated: the rest may be a secret in the wrong place.
  const shown = `--${/^[\w-]*/.exec(name)![0]}`;
  if (!directive) return refusal(`unrecognized or ambiguous option ${shown}`);
  if (directive.argument === 'none' && value !== undefined) return refusal(`${shown} takes no value`);
  if (value !== undefined || directive.argument !== 'required') {
    return { options: [{ directive, value: value ?? null, text: argument }], refused: null, usesNext: false };
  }
  if (next === undefined) return refusal(`${shown} without a value`);
  return {
    options: [{ directive, value: next, text: `${argument} ${next}` }],
    refused: null,
    usesNext: true,
  };
}

/** `-v`, `-va`, `-p3478`, `-vp 3478`: the first letter that needs a value takes the rest, or the next argument. */
function readLetters(argument: string, next: string | undefined, known: readonly Directive[]): Step {
  const options: { directive: Directive; value: string | null; text: string }[] = [];
  for (const [at, letter] of [...argument].entries()) {
    if (at === 0) continue;
    const directive = known.find(({ short }) => short === letter);
    const takesValue = letter === 'c' || directive?.argument === 'required' || directive?.shortTakesValue;
    if (!directive && !'cnh'.includes(letter)) return { ...refusal(`invalid option -${letter}`), options };
    if (!takesValue) {
      if (directive) options.push({ directive, value: null, text: `-${letter}` });
      continue;
    }
    const attached = argument.slice(at + 1);
    const usesNext = attached === '';
    const value = usesNext ? next : attached;
    if (value === undefined) return { ...refusal(`-${letter} without a value`), options };
    if (directive) options.push({ directive, value, text: usesNext ? `${argument} ${value}` : argument });
    return { options, refused: null, usesNext };
  }
  return { options, refused: null, usesNext: false };
}

/** getopt_long takes the exact name, or a beginning that only one option has (or only spellings of one). */
function resolve(name: string, known: readonly Directive[]): Directive | undefined {
  const exact = known.find(directive => directive.name === name);
  if (exact) return exact;
  const candidates = known.filter(directive => directive.name.startsWith(name));
  const meanings = new Set(candidates.map(directive => directive.aliasOf ?? directive.name));
  return meanings.size === 1 ? candidates[0] : undefined;
}

/** What this release takes `--name` for; undefined where it prints its usage and exits. */
export const longOption = (name: string, version: string, build: Build = 'full'): Directive | undefined =>
  resolve(
    name,
    DIRECTIVES.filter(directive => isKnown(directive.name, version, build)),
  );

function argumentEntry(
  name: string,
  value: string | null,
  text: string,
  file: string,
  index: number,
): ParsedEntry {
  return {
    origin: 'command-line',
    file,
    line: index,
    column: 1,
    name,
    rawValue: value,
    valueColumn: text.length - (value?.length ?? 0) + 1,
    value,
    text,
    textColumn: 1,
    overflow: false,
    span: null,
    nameSpan: null,
    valueSpan: null,
  };
}
