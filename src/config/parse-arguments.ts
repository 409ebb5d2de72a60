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

/** Letters that are options without a long name. */
const FILE_LETTERS = { c: 'required', n: 'none', h: 'none' } as const;

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
    const add = (directive: Directive, value: string | null, text: string): void => {
      if (directive.commandLineOnly) exits ??= `--${directive.name}`;
      else entries.push(argumentEntry(directive.name, value, text, file, i));
    };
    if (argument === '--') {
      extra.push(...argv.slice(i + 1));
      break;
    }
    if (argument.startsWith('--')) {
      const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(argument)!;
      const directive = resolve(name, known);
      if (!directive) exits ??= `unrecognized or ambiguous option --${name}`;
      else if (directive.argument === 'none' && value !== undefined) exits ??= `--${name} takes no value`;
      else if (directive.argument !== 'required' || value !== undefined)
        add(directive, value ?? null, argument);
      else if (i + 1 < argv.length) add(directive, argv[i + 1]!, `${argument} ${argv[++i]}`);
      else exits ??= `--${name} without a value`;
    } else if (argument.startsWith('-') && argument !== '-') {
      for (let at = 1; at < argument.length; at++) {
        const letter = argument[at]!;
        const directive = known.find(({ short }) => short === letter);
        const kind =
          (directive?.shortTakesValue ? 'required' : directive?.argument) ??
          FILE_LETTERS[letter as keyof typeof FILE_LETTERS];
        if (kind === undefined) {
          exits ??= `invalid option -${letter}`;
        } else if (kind !== 'required') {
          if (directive) add(directive, null, `-${letter}`);
        } else {
          // The rest of the argument is the value, or else the next argument.
          const attached = argument.slice(at + 1);
          if (attached === '' && i + 1 >= argv.length) exits ??= `-${letter} without a value`;
          else if (attached !== '') {
            if (directive) add(directive, attached, argument);
          } else {
            if (directive) add(directive, argv[i + 1]!, `${argument} ${argv[i + 1]}`);
            i++;
          }
          break;
        }
      }
    } else {
      extra.push(argument);
    }
  }
  const lastC = argv.lastIndexOf('-c', argv.length - 2);
  return {
    entries,
    extra,
    exits,
    readsFile: !argv.includes('-n', 1),
    configFile: lastC > 0 ? argv[lastC + 1]! : null,
  };
}

/** getopt_long takes the exact name, or a beginning that only one option has (or only spellings of one). */
function resolve(name: string, known: readonly Directive[]): Directive | undefined {
  const exact = known.find(directive => directive.name === name);
  if (exact) return exact;
  const candidates = known.filter(directive => directive.name.startsWith(name));
  const meanings = new Set(candidates.map(directive => directive.aliasOf ?? directive.name));
  return meanings.size === 1 ? candidates[0] : undefined;
}

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
