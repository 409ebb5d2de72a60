import { existsAt, findDirective } from '../../config/directives.ts';
import { isAtLeast } from '../../config/versions.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';

export default defineRule({
  id: 'config/deprecated-option',
  meta: {
    title: 'Option that coturn is about to drop',
    why: 'coturn still takes the line, warns about it (no-cli at level ERROR), and will not know it one day. Most such options ask for what is the default by now.',
    remedy: 'Delete the line, or write what took its place.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    coturnEntries(config).flatMap(entry => {
      const directive = findDirective(entry.name);
      const since = directive?.deprecated;
      if (directive === undefined || since === undefined) return [];
      if (!isAtLeast(version, since) || !existsAt(directive, version)) return [];
      const instead = directive.replacedBy;
      const isNeedless = instead?.startsWith('nothing') ?? true;
      const why = isNeedless && instead !== undefined ? ` (${instead.replace(/^nothing: /, '')})` : '';
      return [
        {
          message: `${entry.name} is deprecated since coturn ${since}${why}`,
          ...atEntry(entry),
          remedy: isNeedless ? 'Delete the line.' : `Write ${instead}.`,
        },
      ];
    }),
});
