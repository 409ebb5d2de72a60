import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { invalidPorts } from '../port-value.ts';

const OPTIONS = [
  'listening-port',
  'tls-listening-port',
  'alt-listening-port',
  'alt-tls-listening-port',
  'tcp-proxy-port',
];

export default defineRule({
  id: 'listener/port-invalid',
  meta: {
    title: 'Listening port that is no port',
    effect: 'Clients find nothing on the port, or coturn does not start',
    why: 'Up to 4.12 coturn takes the digits in front and the rest modulo 65536 (70000 becomes 4464); since 4.13.0 it exits.',
    remedy: 'Write a number from 1 to 65535, and one port an option.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon', 'config/quoted-value'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    invalidPorts(settingsOf(config, version), OPTIONS).map(({ entry, ...problem }) => ({
      ...problem,
      ...atValue(entry),
    })),
});
