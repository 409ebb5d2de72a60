import type { ConfigEntry, ConfigFact } from '../model/facts.ts';
import {
  type Build,
  canonicalName,
  type Directive,
  defaultOf,
  findDirective,
  isKnown,
  readingOf,
} from './directives.ts';
import { addressForm, atoi, readBoolean, readPort, strtoul } from './values.ts';

/** What each option amounts to once coturn has read the file and the command line. Names as in the file; an alias will do. */
export interface Settings {
  readonly version: string;
  /** Every line and argument for this option that this version knows, in the order coturn applies them. */
  entries(option: string): readonly ConfigEntry[];
  /** The entry whose value is in force; the last one for lists. */
  deciding(option: string): ConfigEntry | undefined;
  /** Whether the option is written anywhere, whatever its value. */
  isSet(option: string): boolean;
  /** A flag in force, its default and what implies it included. */
  flag(option: string): boolean;
  /** An integer as coturn reads it: `1M` is 1, `abc` is 0. NaN where coturn finds the value out by itself. */
  number(option: string): number;
  /** A port as coturn reads it; `fatal` when it exits over it (4.13.0 and later); 0 for an empty value. */
  port(option: string): number | 'fatal';
  /** The value of a text option, its default, or ''. */
  text(option: string): string;
  /** All values of a list. */
  list(option: string): readonly string[];
}

/** Reads a configuration by the rules of one coturn version; options that its build lacks do not count. */
export function settingsOf(
  { entries }: Pick<ConfigFact, 'entries'>,
  version: string,
  build: Build = 'full',
): Settings {
  const before = answers.get(entries) ?? new Map<string, Settings>();
  answers.set(entries, before);
  const key = `${version} ${build}`;
  const settings = before.get(key) ?? readSettings(entries, version, build);
  before.set(key, settings);
  return settings;
}

/** Facts do not change, and nearly every rule asks. */
const answers = new WeakMap<readonly ConfigEntry[], Map<string, Settings>>();

function readSettings(all: readonly ConfigEntry[], version: string, build: Build): Settings {
  const byOption = new Map<string, ConfigEntry[]>();
  for (const entry of all) {
    if (!isKnown(entry.name, version, build)) continue;
    const option = canonicalName(entry.name);
    const sameOption = byOption.get(option);
    if (sameOption) sameOption.push(entry);
    else byOption.set(option, [entry]);
  }

  const entries = onceByName(name => inOrder(byOption.get(name) ?? [], directiveOf(name)));
  const deciding = onceByName(name => decidingAmong(entries(name), directiveOf(name), version));
  const isSet = (option: string): boolean => entries(option).length > 0;
  const flag = (option: string): boolean => {
    const directive = directiveOf(option);
    const implied = directive.impliedBy?.some(name =>
      directiveOf(name).type === 'flag' ? flag(name) : isSet(name),
    );
    if (implied) return true;
    const entry = deciding(option);
    if (!entry) return defaultOf(directive, version) === true;
    return readingOf(directive, version) !== 'honoured' || readBoolean(entry.value) === true;
  };

  return {
    version,
    entries,
    deciding,
    isSet,
    flag,
    number(option) {
      const directive = directiveOf(option);
      const value = deciding(option)?.value;
      const byDefault = Number(defaultOf(directive, version) ?? Number.NaN);
      if (value === undefined) return byDefault;
      // Options with an optional argument go through get_int_value, which takes the default for an empty one.
      if ((value ?? '') === '' && directive.argument === 'optional') return byDefault;
      return directive.unit === 'bytes per second' ? strtoul(value ?? '') : atoi(value ?? '');
    },
    port(option) {
      const entry = deciding(option);
      return entry
        ? readPort(entry.value ?? '', version)
        : Number(defaultOf(directiveOf(option), version) ?? 0);
    },
    text: option => deciding(option)?.value ?? String(defaultOf(directiveOf(option), version) ?? ''),
    list: option => entries(option).map(({ value }) => value ?? ''),
  };
}

/** Works the answer for an option out when it is first asked for: a rule may ask once a line. */
function onceByName<T>(answer: (name: string) => T): (option: string) => T {
  const known = new Map<string, T>();
  return option => {
    const name = canonicalName(option);
    if (!known.has(name)) known.set(name, answer(name));
    return known.get(name) as T;
  };
}

/** @throws {Error} for a name no coturn ever had: a mistake in our own code. */
function directiveOf(option: string): Directive {
  const directive = findDirective(canonicalName(option));
  if (!directive) throw new Error(`coturn has no option ${option}`);
  return directive;
}

/** The command line is read after the file; log options are read from it before. */
function inOrder(entries: readonly ConfigEntry[], { pass }: Directive): readonly ConfigEntry[] {
  const file = entries.filter(({ origin }) => origin === 'file');
  const commandLine = entries.filter(({ origin }) => origin === 'command-line');
  return pass === 'log' ? [...commandLine, ...file] : [...file, ...commandLine];
}

function decidingAmong(
  entries: readonly ConfigEntry[],
  directive: Directive,
  version: string,
): ConfigEntry | undefined {
  if (directive.type === 'flag') return decidingFlag(entries, directive, version);
  if (directive.repetition === 'first-plain')
    return entries.find(({ value }) => addressForm(value ?? '') !== 'neither') ?? entries.at(-1);
  if (directive.type === 'enum') {
    // Log levels are taken in any case, address families only as they are.
    const spelt = (value: string): string => (directive.pass === 'log' ? value.toLowerCase() : value);
    const known = directive.values?.map(spelt);
    return entries.findLast(({ value }) => known?.includes(spelt(value ?? '')));
  }
  return entries.at(-1);
}

function decidingFlag(
  entries: readonly ConfigEntry[],
  directive: Directive,
  version: string,
): ConfigEntry | undefined {
  switch (readingOf(directive, version)) {
    case 'honoured':
      return entries.findLast(({ value }) => readBoolean(value) !== null);
    case 'true-only':
      return entries.find(({ value }) => readBoolean(value) === true);
    case 'presence':
      return entries[0];
    case 'no-effect':
      return undefined;
  }
}
