import { relayRange } from '../../config/effective.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue, quotedAll } from '../evidence.ts';

export default defineRule({
  id: 'relay/port-range-inverted',
  meta: {
    title: 'min-port is above max-port',
    effect: 'coturn crashes when the first client allocates',
    why: 'coturn does not check the order and dies with a segmentation fault, while Binding was answered until then. systemd starts it again, so every call attempt is one crash. One of the two alone stands against the default of the other, 49152 or 65535.',
    remedy: 'Set both, the smaller one as min-port, and restart coturn.',
    severity: 'error',
    explainedBy: [
      'relay/port-range-syntax',
      'relay/port-range-invalid',
      'config/empty-value',
      'config/inline-comment',
    ],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const { min, max } = relayRange(settings);
    if (min <= max) return [];
    const entries = ['min-port', 'max-port'].flatMap(option => settings.deciding(option) ?? []);
    const isDefault = (option: string) => (isWritten(settings, option) ? '' : ' (the default)');
    return [
      {
        message: `min-port ${min}${isDefault('min-port')} is above max-port ${max}${isDefault('max-port')}`,
        ...atValue(entries[0]!),
        evidence: quotedAll(entries),
      },
    ];
  },
});

const isWritten = (settings: Settings, option: string): boolean => settings.deciding(option) !== undefined;
