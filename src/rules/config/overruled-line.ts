import { findDirective, isKnown } from '../../config/directives.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry, quotedAll } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';
import { templateIn } from '../left-over-text.ts';

export default defineRule({
  id: 'config/overruled-line',
  meta: {
    title: 'Line that another one overrules',
    why: 'Of an option that can have one value coturn takes the last line, and the command line before the file (of log options, the file before the command line). Editing another line changes nothing.',
    remedy: 'Delete the line that is not meant.',
    severity: 'warning',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return coturnEntries(config).flatMap(entry => {
      const directive = findDirective(entry.name);
      if (directive?.repetition !== 'last' || !isKnown(entry.name, version)) return [];
      const deciding = settings.deciding(entry.name);
      if (deciding === undefined || deciding === entry || says(deciding.value) === says(entry.value))
        return [];
      // A program that renders the file may leave one of several lines.
      if ([entry, deciding].some(line => templateIn(line) !== null)) return [];
      return [
        {
          message: `This ${entry.name} has no effect: ${where(deciding.origin, deciding.line)} says otherwise, and counts`,
          ...atEntry(entry),
          evidence: quotedAll([entry, deciding]),
        },
      ];
    });
  },
});

const says = (value: string | null): string => value ?? '';

const where = (origin: 'file' | 'command-line', line: number): string =>
  origin === 'file' ? `line ${line}` : 'the command line';
