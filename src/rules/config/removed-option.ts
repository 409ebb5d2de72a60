import { type Directive, findDirective } from '../../config/directives.ts';
import { readBoolean } from '../../config/values.ts';
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
      const written = entry.value === null ? entry.name : `${entry.name}=${entry.value}`;
      const problem = {
        message: `${written} is dropped: coturn has no ${entry.name} since ${directive.removed}${because(directive)}`,
        ...atEntry(entry),
      };
      if (directive.type === 'flag' && readBoolean(entry.value) === false) {
        return [{ ...problem, severity: 'warning' as const, remedy: AGAINST_THE_DEFAULT }];
      }
      return [
        { ...problem, remedy: isNeedless(directive) ? 'Delete the line.' : `Write ${directive.replacedBy}.` },
      ];
    }),
});

/** "=false" asked for the opposite of what is now the default. */
const AGAINST_THE_DEFAULT = 'Delete the line, and set the opposite option if that is what the line was for.';

const isNeedless = ({ replacedBy }: Directive): boolean => replacedBy?.startsWith('nothing') ?? true;

function because(directive: Directive): string {
  const { replacedBy } = directive;
  if (replacedBy === undefined) return '';
  return isNeedless(directive)
    ? ` (${replacedBy.replace(/^nothing: /, '')})`
    : `, its name is ${replacedBy} now`;
}
