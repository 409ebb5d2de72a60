import { findDirective, nearestNames } from '../config/directives.ts';
import type { ConfigEntry, ConfigFact } from '../model/facts.ts';
import { isRendered } from './left-over-text.ts';

/** Fewer strange lines than this are spelling mistakes. */
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
export function foreignSyntax(config: ConfigFact): string | null {
  const unreadable = config.faults.find(fault => fault.kind === 'utf-16' || fault.kind === 'binary');
  if (unreadable?.kind === 'utf-16') return 'the file is UTF-16, of which coturn reads nothing';
  if (unreadable?.kind === 'binary') return 'the file is binary';

  const lines = config.entries.filter(entry => entry.origin === 'file' && !entry.overflow && !isRendered(entry));
  const strange = lines.filter(isStrange);
  if (strange.length < ENOUGH_LINES || strange.length <= lines.length - strange.length) return null;
  const known = SIGNATURES.find(([pattern]) => strange.some(entry => pattern.test(entry.source.trim())));
  const share = `${strange.length} of ${lines.length} lines name nothing that coturn has`;
  return known ? `${share}; it looks like ${known[1]}` : share;
}

/** Neither an option of any release nor close to one. */
const isStrange = ({ name }: ConfigEntry): boolean =>
  findDirective(name) === undefined && nearestInAnyRelease(name).length === 0;

const nearestInAnyRelease = (name: string): readonly string[] => nearestNames(name, '4.18.0');

export const isForeign = (config: ConfigFact): boolean => foreignSyntax(config) !== null;
