import { findDirective } from '../../config/directives.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';

const STRAY_QUOTES = /^['‘’‚“”„«»`]|[‘’“”«»]$|^[^'"]*'$/;

export default defineRule({
  id: 'config/quoted-value',
  meta: {
    title: 'Quotation marks that coturn does not strip',
    effect: 'A setting has another value than it seems to have',
    why: 'coturn takes off one pair of straight double quotes and nothing else: single and typographic quotes become part of the secret, path or name.',
    remedy: 'Write the value without quotes, or in straight double quotes.',
    severity: 'error',
  },
  needs: ['config'],
  check: ({ config }) =>
    coturnEntries(config).flatMap(entry => {
      const raw = entry.rawValue ?? '';
      if (entry.origin !== 'file' || findDirective(entry.name) === undefined || !STRAY_QUOTES.test(raw))
        return [];
      return [
        {
          message: entry.secret
            ? `The quotation marks around ${entry.name} are part of the secret to coturn`
            : `The quotation marks around ${raw} are part of the value of ${entry.name} to coturn`,
          ...atValue(entry),
        },
      ];
    }),
});
