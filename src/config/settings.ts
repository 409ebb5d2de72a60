import type { ConfigEntry, ConfigFact } from '../model/facts.ts';
import { groupedBy } from '../util/grouped.ts';
import { oncePerKey, oncePerObject } from '../util/once.ts';
import {
  type Build,
  canonicalDirective,
  type Directive,
  defaultOf,
  isKnown,
  readingOf,
} from './directives.ts';
import { addressForm, atoi, readBoolean, readPort, strtoul } from './values.ts';

/** What each option amounts to once coturn has read the file and the command line. Names as in the file; an alias will do. */
export interface Settings {
  readonly version: string;
  /** Every line and argument that this version knows, the file's before those of the command line. */
  readonly known: readonly ConfigEntry[];
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
  return readings(entries)[build](version);
}

/** Nearly every rule asks, most of them for the same version. */
const readings = oncePerObject((entries: readonly ConfigEntry[]) => ({
  full: oncePerKey((version: string) => readSettings(entries, version, 'full')),
  debian: oncePerKey((version: string) => readSettings(entries, version, 'debian')),
}));

function readSettings(all: readonly ConfigEntry[], version: string, build: Build): Settings {
  const known = all.filter(({ name }) => isKnown(name, version, build));
  const written = groupedBy(known, ({ name }) => directiveOf(name));
  const ordered = oncePerKey((directive: Directive) => inOrder(written.get(directive) ?? [], directive));
  const decided = oncePerKey((directive: Directive) => decidingAmong(ordered(directive), directive, version));

  // Of all options hardly any is written: those that are not have to cost next to nothing.
  const entries = (option: string): readonly ConfigEntry[] => {
    const directive = directiveOf(option);
    return written.has(directive) ? ordered(directive) : NONE;
  };
  const deciding = (option: string): ConfigEntry | undefined => {
    const directive = directiveOf(option);
    return written.has(directive) ? decided(directive) : undefined;
  };
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
    known,
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

const NONE: readonly ConfigEntry[] = [];

/** @throws {Error} for a name no coturn ever had: a mistake in our own code. */
function directiveOf(option: string): Directive {
  const directive = canonicalDirective(option);
  if (!directive) throw new Error(`coturn has no option ${option}`);
  return directive;
}

/** The command line is read after the file; log options are read from it before. */
function inOrder(entries: readonly ConfigEntry[], { pass }: Directive): readonly ConfigEntry[] {
  if (pass !== 'log') return entries;
  const file = entries.filter(({ origin }) => origin === 'file');
  return [...entries.filter(({ origin }) => origin === 'command-line'), ...file];
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
