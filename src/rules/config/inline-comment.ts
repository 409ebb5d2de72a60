import { findDirective } from '../../config/directives.ts';
import { isAtLeast } from '../../config/versions.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import type { Severity } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';
import { isRendered } from '../left-over-text.ts';

export default defineRule({
  id: 'config/inline-comment',
  meta: {
    title: 'Comment behind a value',
    effect: 'A setting has another value than it seems to have',
    why: 'To coturn only a # at the start of a line makes a comment. Behind a value it is part of the value: a secret no client can know, an address that is dropped, a flag that stops the server.',
    remedy: 'Put the comment on a line of its own and restart coturn.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    coturnEntries(config).flatMap(entry => {
      const start = commentStart(entry);
      if (start === null || findDirective(entry.name) === undefined) return [];
      const { what, severity } = consequence(entry, start, version);
      const base = atEntry(entry);
      return [
        {
          message: `The text behind ${entry.name} is no comment to coturn: ${what}`,
          ...base,
          at: { ...base.at, column: entry.valueColumn + start, endColumn: entry.source.trimEnd().length + 1 },
          severity,
        },
      ];
    }),
});

const PARTS: Readonly<Record<string, string>> = {
  'static-auth-secret': 'it is part of the secret, and every client gets 401',
  user: 'it is part of the password, and this user gets 401',
  realm: 'it is part of the realm, and Allocate is answered with 400',
  'cli-password': 'it is part of the password',
};

/** Where in the raw value a comment seems to start; null when none does. A quoted value may hold anything. */
function commentStart(entry: ConfigEntry): number | null {
  const raw = entry.rawValue;
  if (entry.origin !== 'file' || raw === null || isRendered(entry) || /^"[^"]*"$/.test(raw)) return null;
  const before = entry.source[entry.valueColumn - 2] ?? '';
  const found = /\s(?:#|\/\/|;\s*\S)/.exec(before.replace('=', '.') + raw);
  return found === null ? null : found.index;
}

function consequence(
  entry: ConfigEntry,
  start: number,
  version: string,
): { readonly what: string; readonly severity: Severity } {
  const value = entry.rawValue!.slice(0, start).trim();
  switch (findDirective(entry.name)!.type) {
    case 'integer':
      return {
        what: `it reads the number ${value} and stops there, so only a quirk saves the line`,
        severity: 'warning',
      };
    case 'port':
      return isAtLeast(version, '4.13.0')
        ? { what: 'the port is invalid and coturn exits', severity: 'error' }
        : {
            what: `coturn ${version} reads ${value} and stops there, 4.13.0 and later exit`,
            severity: 'warning',
          };
    case 'flag':
      return value === ''
        ? {
            what: 'it is the value of the flag, and coturn exits over an unknown boolean value',
            severity: 'error',
          }
        : {
            what: `only the first letter of "${value}" counts, so only a quirk saves the line`,
            severity: 'warning',
          };
    case 'ip':
    case 'external-ip':
      return { what: 'the value is no address and the line is dropped', severity: 'error' };
    case 'ip-range':
      return isAtLeast(version, '4.11.0')
        ? { what: 'the value is no range of addresses and coturn exits', severity: 'error' }
        : { what: 'the value is no range of addresses and the rule is dropped', severity: 'error' };
    default:
      return { what: PARTS[entry.name] ?? 'it is part of the value', severity: 'error' };
  }
}
