import { findDirective } from '../../config/directives.ts';
import { compareVersions } from '../../config/versions.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';

export default defineRule({
  id: 'config/newer-option',
  meta: {
    title: 'Option of a newer coturn',
    why: 'The file asks for something that this version cannot do yet. coturn drops the line with a warning and runs on.',
    remedy: 'Upgrade coturn, or delete the line.',
    severity: 'warning',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    coturnEntries(config).flatMap(entry => {
      const since = findDirective(entry.name)?.since;
      if (since === undefined || compareVersions(version, since) >= 0) return [];
      return [
        {
          message: `${entry.name} came with coturn ${since}; ${version} drops the line`,
          ...atEntry(entry),
          remedy: `Upgrade to coturn ${since} or later, or delete the line.`,
        },
      ];
    }),
});
