import { type Directive, findDirective, isKnown } from '../../config/directives.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import type { Severity } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { atValue } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';
import { isRendered, templateIn } from '../left-over-text.ts';

export default defineRule({
  id: 'config/silent-fallback',
  meta: {
    title: 'Value that coturn reads as another one',
    effect: 'A limit is not what it seems to be',
    why: 'coturn takes the digits in front of a number and 0 when there are none, without a word: "1M" is 1 byte per second, "abc" is no limit at all. A word it does not know leaves the default in force.',
    remedy: 'Write a plain decimal number, without unit, or one of the words coturn knows.',
    severity: 'warning',
    explainedBy: [
      'config/inline-comment',
      'config/trailing-semicolon',
      'config/quoted-value',
      'config/placeholder',
    ],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return coturnEntries(config).flatMap(entry => {
      if (!isKnown(entry.name, version) || isRendered(entry) || templateIn(entry) !== null) return [];
      const directive = findDirective(entry.name)!;
      const value = entry.value ?? '';
      // A later line of the same option decides, so what this one says does not matter.
      const isOverruled = directive.type !== 'enum' && settings.deciding(entry.name) !== entry;
      if (value === '' || isOverruled) return [];
      const read = misreading(directive, entry, settings);
      return read === null ? [] : [{ ...read, ...atValue(entry) }];
    });
  },
});

function misreading(
  { type, unit, values = [] }: Directive,
  { name, value }: ConfigEntry,
  settings: Settings,
): { message: string; severity?: Severity } | null {
  if (type === 'enum' && !values.includes(value!) && !values.includes(value!.toLowerCase())) {
    return { message: `coturn ignores ${name}=${value}: it knows ${listed(values.slice(0, 6), 'or')}` };
  }
  if (type !== 'integer' || /^\s*[+]?\d+\s*$/.test(value!)) return null;
  const number = settings.number(name);
  const meaning =
    number === 0
      ? (ZERO[name] ?? '0')
      : unit === undefined
        ? String(number)
        : `${number} ${number === 1 ? unit.replace(/s\b/, '') : unit}`;
  const strangles = name === 'max-bps' && number > 0;
  return {
    message: `coturn reads ${name}=${value} as ${meaning}`,
    ...(strangles ? { severity: 'error' as const } : {}),
  };
}

const ZERO: Readonly<Record<string, string>> = {
  'stale-nonce': '0: a nonce never expires',
  'total-quota': '0: no limit',
  'user-quota': '0: no limit',
  'max-bps': '0: no limit',
  'bps-capacity': '0: no limit',
};
