import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

/** Flags that bring back what has been broken or withdrawn. */
const LEGACY = {
  tlsv1: 'TLS 1.0, withdrawn by RFC 8996',
  tlsv1_1: 'TLS 1.1, withdrawn by RFC 8996',
  dh566: 'a Diffie-Hellman group of 566 bits, which can be broken',
  dh1066: 'a Diffie-Hellman group of 1066 bits, which browsers refuse',
} as const;

export default defineRule({
  id: 'tls/legacy-protocol',
  meta: {
    title: 'TLS is weaker than by default',
    why: 'These options serve clients of before 2014. No browser needs them, and scanners and audits report them.',
    remedy: 'Delete the line.',
    severity: 'warning',
    references: ['RFC 8996', 'RFC 9325 §4.1'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const { tls, dtls } = listenerPlan(settings);
    if (!tls.on && !dtls.on) return [];
    return Object.entries(LEGACY).flatMap(([option, what]) => {
      const entry = settings.flag(option) ? settings.deciding(option) : undefined;
      // With a dh-file the built-in groups are not used.
      if (entry === undefined || (option.startsWith('dh') && settings.isSet('dh-file'))) return [];
      return [{ message: `${option} brings back ${what}`, ...atEntry(entry) }];
    });
  },
});
