import { settingsOf } from '../../config/settings.ts';
import { readPort } from '../../config/values.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { isPortRangeText } from '../port-value.ts';

export default defineRule({
  id: 'relay/port-range-syntax',
  meta: {
    title: 'Port range written into one option',
    effect: 'Relayed addresses are on ports nobody opened, or coturn does not start',
    why: 'coturn has no syntax for a range. Up to 4.12 it reads the first number and leaves the other end at its default; since 4.13.0 it exits.',
    remedy: 'Write the two ends as min-port and max-port.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return ['min-port', 'max-port'].flatMap(option => {
      const entry = settings.deciding(option);
      if (entry === undefined || !isPortRangeText(entry)) return [];
      const [from, to] = entry.value!.match(/\d+/g)!;
      const read = readPort(entry.value!, version);
      const consequence =
        read === 'fatal' ? 'coturn exits over it' : `coturn reads ${option}=${read} and nothing else`;
      return [
        {
          message: `${option}=${entry.value} holds a range: ${consequence}`,
          ...atValue(entry),
          remedy: `Write min-port=${from} and max-port=${to}, each on a line of its own.`,
        },
      ];
    });
  },
});
