import type { ConfigEntry, ConfigFact, SecretTraits } from '../model/facts.ts';
import { maskSecrets } from '../util/mask.ts';
import { findDirective } from './directives.ts';
import { isPlaceholder, PUBLISHED_SECRETS } from './known-secrets.ts';
import { type ParsedConfig, type ParsedEntry, unquoted } from './parse.ts';
import type { ParsedArguments } from './parse-arguments.ts';
import { readBoolean } from './values.ts';

/**
 * The configuration without its secrets, for facts, reports and bundles. Options of the command line follow those of the
 * file; who beats whom is for `settings.ts` to know.
 */
export function configFact(
  parsed: ParsedConfig,
  {
    path = parsed.file,
    foundBy,
    args,
  }: { path?: string; foundBy: ConfigFact['foundBy']; args?: ParsedArguments | undefined },
): ConfigFact {
  return {
    path,
    foundBy,
    entries: [...parsed.entries, ...(args?.entries ?? [])].map(redactedEntry),
    faults: parsed.faults,
    optionLines: parsed.optionLines,
    ignores: parsed.ignores.map(ignore => ({ ...ignore, reason: maskSecrets(ignore.reason) })),
  };
}

/** A shorter one, or one that everybody knows, is an ordinary word: where else it stands it tells nothing. */
const LEAST_TELLING = 6;

/** What is masked as a secret, in clear text: whatever else is shown of this host must not repeat it. */
export function secretTexts(entries: readonly ParsedEntry[]): readonly string[] {
  const texts = entries.flatMap(entry => {
    const { rawValue, secret } = redactedValue(entry);
    const slipped = !findDirective(entry.name) && rawValue !== entry.rawValue ? entry.value : undefined;
    return [secret ?? slipped ?? '', redactedName(entry) === entry.name ? '' : entry.name];
  });
  // systemctl shows a value without its quotes, so that its words stand apart.
  const words = texts.flatMap(text => [text, ...text.split(/["'\s]+/)]);
  return [...new Set(words)].filter(text => text.length >= LEAST_TELLING && !traitsOf(text).published);
}

/** One entry with its secret masked in every field. */
export function redactedEntry(entry: ParsedEntry): ConfigEntry {
  const { origin, file, line, column, valueColumn, textColumn, overflow } = entry;
  const name = redactedName(entry);
  const { rawValue, secret } = redactedValue(entry);
  const same = name === entry.name && rawValue === entry.rawValue;
  return {
    origin,
    file,
    line,
    column,
    name,
    rawValue,
    valueColumn,
    value: same ? entry.value : rawValue !== null && origin === 'file' ? unquoted(rawValue) : rawValue,
    overflow,
    source: same ? entry.text : redactedText(entry, name, rawValue),
    ...(textColumn > 1 && { sourceColumn: textColumn }),
    ...(secret !== undefined && { secret: traitsOf(secret) }),
  };
}

function redactedText(entry: ParsedEntry, name: string, rawValue: string | null): string {
  const { text, textColumn } = entry;
  const nameAt = entry.column - textColumn;
  const valueAt = entry.valueColumn - textColumn;
  // On the command line the text spells the name in its own way, as `-p` or `--min-p`.
  const head =
    entry.origin === 'file'
      ? text.slice(0, nameAt) + name + text.slice(nameAt + entry.name.length, valueAt)
      : text.slice(0, valueAt);
  return head + (rawValue ?? '');
}

/**
 * Letters, digits and signs become `*`, one for one; what the grammar or a reader needs stays, and so do the brackets of
 * template engines, for what stands between them is a name and no secret yet.
 */
export const masked = (text: string): string =>
  text.replace(/\{\{|\}\}|\{%|%\}|<%|%>|[^ \t#;="']/g, found => (found.length === 2 ? found : '*'));

/** A name coturn does not know may be a secret that slipped out of its line, or be glued to one (`user:joe:pw`). */
function redactedName({ name, overflow }: ParsedEntry): string {
  if (findDirective(name)) return name;
  if (overflow) return masked(name);
  const [word] = /^[\ufeff\p{L}\p{N}_.-]*/u.exec(name)!;
  if (word === '') return name.length <= 2 ? name : masked(name);
  const shown = looksRandom(word) ? masked(word) : word;
  const rest = name.slice(word.length);
  // The sign that made the name unknown is worth seeing: `realm:`.
  return shown + rest.slice(0, 1) + masked(rest.slice(1));
}

const looksRandom = (word: string): boolean =>
  word.length >= 12 && !/[-_.]/.test(word) && (word.length >= 32 || (/\d/.test(word) && /[a-z]/i.test(word)));

/** `secret` is the clear text whose traits are kept; absent when the option holds none. */
function redactedValue(entry: ParsedEntry): { rawValue: string | null; secret?: string } {
  const { name, rawValue, value } = entry;
  if (rawValue === null || value === null) return { rawValue: null };
  const directive = findDirective(name);
  if (!directive) return { rawValue: isHarmless(entry) ? rawValue : masked(rawValue) };
  if (directive.secret === 'whole') return { rawValue: masked(rawValue), secret: value };
  if (directive.secret === 'password') return redactedUser(rawValue, value);
  if (directive.secret === 'connection') return redactedConnection(rawValue);
  // Who writes a secret behind `use-auth-secret` has mistaken it for the option that takes one.
  if (directive.type === 'flag' && !SWITCH.test(value)) return { rawValue: redactedFlag(rawValue, value) };
  return { rawValue: withoutRemains(redactedConnection(rawValue).rawValue) };
}

/** The character by which coturn decides stays: without it the line would read as another one. */
function redactedFlag(rawValue: string, value: string): string {
  const decides = readBoolean(value) === null ? 0 : rawValue.indexOf(value) + 1;
  return rawValue.slice(0, decides) + masked(rawValue.slice(decides));
}

/** `name:password`; a key keeps its `0x`, by which coturn tells it from a password. */
function redactedUser(rawValue: string, value: string): { rawValue: string; secret?: string } {
  const colon = rawValue.indexOf(':');
  // No user name has a blank; what stands before this colon may be anything.
  if (colon === -1 || /\s/.test(rawValue.slice(0, colon).trim())) return { rawValue: masked(rawValue) };
  const key = rawValue.startsWith('0x', colon + 1) ? '0x' : '';
  const shown = colon + 1 + key.length;
  return {
    rawValue: rawValue.slice(0, shown) + masked(rawValue.slice(shown)),
    secret: value.slice(value.indexOf(':') + 1),
  };
}

/** Passwords in URIs, in `key=value` strings, and in a further option on the same line. */
const PASSWORDS = [
  /(?<=:\/\/[^\s:/@]*:)\S+(?=@)/g,
  /(?<=(?:^|[\s",;])[^\s:/@=",;]+:)(?!\/\/)[^\s@]+(?=@)/g,
  /(?<=\b\w*(?:pass(?:word|wd)?|pwd|secret|token|auth)(?:\s*=\s*|:?\s+))(?:'[^']*'?|"[^"]+"|[^\s&"]+)/gi,
  /(?<=\buser(?:\s*=\s*|\s+)[^\s:=]+:)\S+/gi,
] as const;

function redactedConnection(rawValue: string): { rawValue: string; secret?: string } {
  if (!/[=@\s]/.test(rawValue)) return { rawValue };
  const found = PASSWORDS.map(pattern => rawValue.match(pattern)?.[0]).find(Boolean);
  const shown = PASSWORDS.reduce((text, pattern) => text.replace(pattern, masked), rawValue);
  return { rawValue: shown, ...(found !== undefined && { secret: found }) };
}

/** What follows a would-be comment or a lone CR is other text than the option's, and may be anything. */
const withoutRemains = (rawValue: string): string =>
  rawValue.replace(/(?<=^|[ \t"])#.*|(?<=[ \t]\/\/).*|\r.*/s, remains => masked(remains));

const SENSITIVE_NAME = /secret|pass|pwd|user|key|token|cred|auth/i;
/** What people write behind a flag, whether coturn takes it or not. */
const SWITCH =
  /^(?:[\d\W]*|["']?(?:true|false|yes|no|on|off|y|n|t|f|(?:en|dis)abled?|none|null)["']?)(?:[\s;#].*|\/\/.*)?$/i;
const BOOLEAN = /^(?:true|false|yes|no|on|off|[01])$/i;
const PLAIN = /^(?:[+-]?\d{1,10}|[\da-f.:]+(?:[-/][\da-f.:]+)?|\[[\da-f.:]+\]:\d+|[\d.]+:\d+)$/i;

/** Numbers, booleans, addresses and paths under names that promise no secret. */
function isHarmless({ name, value, overflow }: ParsedEntry): boolean {
  if (value === null || value === '' || BOOLEAN.test(value)) return true;
  if (overflow || SENSITIVE_NAME.test(name)) return false;
  if (PLAIN.test(value)) return value.length <= 10 || /[.:]/.test(value);
  return /^[.~]?\/[\w./-]*$/.test(value) && !value.split('/').some(looksRandom);
}

/** What may be said about a secret. */
export function traitsOf(secret: string): SecretTraits {
  return {
    length: secret.length,
    published: PUBLISHED_SECRETS.has(secret) || PUBLISHED_SECRETS.has(secret.toLowerCase()),
    placeholder: isPlaceholder(secret),
    entropyBits: Math.round(secret.length * Math.log2(alphabetSize(secret))),
  };
}

/** Number of characters a generator that used these classes chose from; 1 for a repeated character. */
function alphabetSize(secret: string): number {
  if (new Set(secret).size < 2) return 1;
  const classes: readonly [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^a-zA-Z\d]/, 33],
  ];
  return classes.reduce((size, [pattern, count]) => size + (pattern.test(secret) ? count : 0), 0);
}
