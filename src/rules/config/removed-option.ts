import { findDirective } from '../../config/directives.ts';
import { isAtLeast } from '../../config/versions.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';

export default defineRule({
  id: 'config/removed-option',
  meta: {
    title: 'Option that this coturn no longer has',
    why: 'The line is dropped with a warning. Most removed options ask for what is now the default, so nothing changes; the warning hides others in the log.',
    remedy: 'Delete the line.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    coturnEntries(config).flatMap(entry => {
      const directive = findDirective(entry.name);
      if (directive?.removed === undefined || !isAtLeast(version, directive.removed)) return [];
      const instead = directive.replacedBy?.replace(/^nothing: /, '');
      const needless = directive.replacedBy?.startsWith('nothing') ?? true;
      return [
        {
          message: `${entry.name} was removed in coturn ${directive.removed} and is dropped${
            instead === undefined ? '' : needless ? `: ${instead}` : `; its name is ${instead} now`
          }`,
          ...atEntry(entry),
          remedy: needless || instead === undefined ? 'Delete the line.' : `Write ${instead}.`,
        },
      ];
    }),
});
