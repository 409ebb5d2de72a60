import { findDirective, isKnown, readingOf } from '../../config/directives.ts';
import { readBoolean } from '../../config/values.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';
import { isRendered } from '../left-over-text.ts';

export default defineRule({
  id: 'config/boolean-value',
  meta: {
    title: 'Value that does not do what it says on a flag',
    effect: 'coturn does not start, or a feature is on that was to be off',
    why: 'coturn decides by the first character of a flag\'s value and exits over what it does not know ("enabled", "oFF", "# comment"). Of some flags it never reads the value: any line, also "=false", switches them on.',
    remedy: 'Write the name alone to switch a flag on, and delete the line to switch it off.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon', 'config/quoted-value'],
    references: ['coturn src/apps/relay/mainrelay.c, get_bool_value'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    coturnEntries(config)
      .filter(entry => isKnown(entry.name, version) && !isRendered(entry))
      .flatMap(entry => judged(entry, version)),
});

function judged(entry: ConfigEntry, version: string): Problem[] {
  const directive = findDirective(entry.name)!;
  if (directive.type !== 'flag' || entry.value === null) return [];
  const reading = readingOf(directive, version);
  const value = readBoolean(entry.value);
  if (reading === 'presence' && value !== true) {
    return [
      {
        message: `${entry.name}=${entry.value} switches ${entry.name} on: coturn never reads the value of this flag`,
        ...atValue(entry),
        remedy: `Delete the line to switch ${entry.name} off.`,
      },
    ];
  }
  if (reading === 'true-only' && value === false) {
    return [
      {
        message: `${entry.name}=${entry.value} does nothing: coturn only ever switches this flag on`,
        ...atValue(entry),
        severity: 'info',
      },
    ];
  }
  if (value !== null || reading === 'presence' || reading === 'no-effect') return [];
  return [
    { message: `coturn exits over ${entry.name}=${entry.value}: it is no boolean value`, ...atValue(entry) },
  ];
}
