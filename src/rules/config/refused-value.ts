import { settingsOf } from '../../config/settings.ts';
import { startFailures } from '../../config/start-failure.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

export default defineRule({
  id: 'config/refused-value',
  meta: {
    title: 'Line over which coturn exits',
    effect: 'coturn does not start',
    why: 'Most nonsense costs a warning; over a few values, and over "version" in a file, coturn exits with status 255. (Ports, flags and ranges of peers have rules of their own.)',
    remedy: 'Write a value within the limits, or delete the line.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    startFailures(settingsOf(config, version)).flatMap(({ kind, entry, reason }) => {
      if (entry === undefined || (kind !== 'number' && kind !== 'version-line')) return [];
      return [{ message: `coturn exits: ${reason}`, ...atEntry(entry) }];
    }),
});
