import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

export default defineRule({
  id: 'nat/external-ip-empty',
  meta: {
    title: 'external-ip without a value',
    effect: 'Relay candidates carry the address 0.0.0.0 and no call goes through the relay',
    why: 'coturn takes the empty value for 0.0.0.0 and announces that as the relayed address.',
    remedy: 'Write the public address, or delete the line when the host has it itself.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    settingsOf(config, version)
      .entries('external-ip')
      .filter(entry => (entry.value ?? '') === '')
      .map(entry => ({
        message: 'external-ip has no value: relayed addresses are announced as 0.0.0.0',
        ...atEntry(entry),
      })),
});
