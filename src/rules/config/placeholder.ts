import { findDirective } from '../../config/directives.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';
import { placeholderIn, templateIn } from '../left-over-text.ts';

export default defineRule({
  id: 'config/placeholder',
  meta: {
    title: 'Placeholder left in a value',
    why: 'The text comes from an example and was to be replaced. As a secret anybody can guess it; as an address coturn drops it.',
    remedy: 'Fill in the value that belongs there.',
    severity: 'warning',
  },
  needs: ['config'],
  check: ({ config }) =>
    coturnEntries(config).flatMap(entry => {
      const placeholder = templateIn(entry) === null ? placeholderIn(entry) : null;
      if (placeholder === null || findDirective(entry.name) === undefined) return [];
      const message = entry.secret
        ? `${entry.name} still holds a placeholder in place of a secret`
        : `${entry.name} still holds the placeholder ${placeholder}`;
      return [{ message, ...atValue(entry) }];
    }),
});
