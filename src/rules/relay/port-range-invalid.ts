import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { invalidPorts, zeroPort } from '../port-value.ts';

export default defineRule({
  id: 'relay/port-range-invalid',
  meta: {
    title: 'Relay port that is no port',
    effect: 'Relayed addresses are on ports nobody opened, or coturn does not start',
    why: 'Up to 4.12 coturn takes the digits in front and the rest modulo 65536 (70000 becomes 4464); since 4.13.0 it exits.',
    remedy: 'Write a number from 1024 to 65535.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon', 'config/quoted-value'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const lowest = zeroPort(settings, 'min-port');
    return [
      ...invalidPorts(settings, ['min-port', 'max-port']),
      ...(lowest === null ? [] : [{ entry: lowest, message: FROM_ZERO, severity: 'warning' as const }]),
    ].map(({ entry, ...problem }) => ({ ...problem, ...atValue(entry) }));
  },
});

/** Seen of coturn 4.6.1 and 4.18.0. */
const FROM_ZERO = 'min-port is 0: coturn relays from ports below 1024 too, which belong to other services';
