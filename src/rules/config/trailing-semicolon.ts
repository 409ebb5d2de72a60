import { findDirective } from '../../config/directives.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';

export default defineRule({
  id: 'config/trailing-semicolon',
  meta: {
    title: 'Semicolon at the end of a line',
    effect: 'A setting has another value than it seems to have',
    why: 'coturn takes the semicolon as part of the value, or of the name when there is no value. A secret with one more character fails every client with 401.',
    remedy: 'Delete the semicolon and restart coturn.',
    severity: 'error',
  },
  needs: ['config'],
  check: ({ config }) =>
    coturnEntries(config).flatMap(entry => {
      if (entry.origin !== 'file') return [];
      if (entry.rawValue?.endsWith(';')) return [{ message: valueMessage(entry), ...atEntry(entry) }];
      const name = entry.name.slice(0, -1);
      if (!entry.name.endsWith(';') || findDirective(name) === undefined) return [];
      return [
        {
          message: `"${entry.name}" is not ${name} to coturn, which drops the line`,
          ...atEntry(entry),
          option: name,
        },
      ];
    }),
});

function valueMessage({ name, secret }: ConfigEntry): string {
  if (secret)
    return `The semicolon behind ${name} is part of the secret: credentials made without it get 401`;
  return `The semicolon behind the value of ${name} is part of the value`;
}
