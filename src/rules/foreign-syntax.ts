import { findDirective, nearestNames } from '../config/directives.ts';
import { NEWEST_RELEASE } from '../config/versions.ts';
import type { ConfigEntry, ConfigFact } from '../model/facts.ts';
import { oncePerObject } from '../util/once.ts';
import { isRendered } from './left-over-text.ts';

/** So many lines that name nothing coturn has, and none that does, are another program's file and no spelling mistakes. */
const ENOUGH_LINES = 3;

const SIGNATURES: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^eturnal:/, 'eturnal (YAML)'],
  [/^(?:TURNSERVER_ENABLED|EXTRA_OPTIONS)=/, 'a file of shell variables, as /etc/default/coturn'],
  [/^(?:listen_address|denied_address|account_method|nonce_key)\b/, 'TurnServer (turnserver.org)'],
  [/^(?:module_path|udp_listen|tcp_listen|turn_relay_addr)\b/, 'restund'],
  [/^(?:sudo|apt|apt-get|systemctl|service|docker|chmod|chown|echo|cd)\b/, 'shell commands'],
  [/^(?:services|version):/, 'a compose file (YAML)'],
  [/^(?:server|stream|http|upstream)\s*\{|^(?:listen|proxy_pass)\s.*;$/, 'nginx'],
  [/^[{[]$|^"\w+"\s*:/, 'JSON'],
  [/^\[[\w .-]+\]$/, 'an INI file with sections'],
];

/** Why the file is no coturn configuration, or null when it is one (spelling mistakes included). */
export const foreignSyntax = oncePerObject((config: ConfigFact): string | null => {
  const unreadable = config.faults.find(fault => fault.kind === 'utf-16' || fault.kind === 'binary');
  if (unreadable?.kind === 'utf-16') return 'the file is UTF-16, of which coturn reads nothing';
  if (unreadable?.kind === 'binary') return 'the file is binary';

  const read = config.entries.filter(({ origin, overflow }) => origin === 'file' && !overflow);
  // In most files nothing more needs to be compared.
  if (read.some(entry => findDirective(entry.name) !== undefined && !isRendered(entry))) return null;
  const lines = read.filter(entry => !isRendered(entry));
  if (lines.length === 0 || !lines.every(isStrange)) return null;
  const program = programOf(lines);
  if (lines.length < ENOUGH_LINES && program === null) return null;
  const none = `none of its ${lines.length === 1 ? 'lines' : `${lines.length} lines`} names anything that coturn has`;
  return program === null ? none : `${none}; it looks like ${program}`;
});

/** The program with the most lines that are typical of it. */
function programOf(lines: readonly ConfigEntry[]): string | null {
  const votes = SIGNATURES.map(([pattern, what]) => ({
    what,
    count: lines.filter(entry => pattern.test(entry.source.trim())).length,
  }));
  const best = votes.reduce((a, b) => (b.count > a.count ? b : a));
  return best.count > 0 ? best.what : null;
}

/** Neither an option of any release nor close to one. */
const isStrange = ({ name }: ConfigEntry): boolean =>
  findDirective(name) === undefined && nearestNames(name, NEWEST_RELEASE).length === 0;

export const isForeign = (config: ConfigFact): boolean => foreignSyntax(config) !== null;

/** What rules about single lines look at: nothing in a file of another program, about which all is said with that. */
export const coturnEntries = (config: ConfigFact): readonly ConfigEntry[] =>
  isForeign(config) ? [] : config.entries;
