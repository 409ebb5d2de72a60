import { listenerPlan } from '../../config/effective.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { invalidPorts, zeroPort } from '../port-value.ts';

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
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return [...invalidPorts(settings, OPTIONS), ...randomPorts(settings)].map(({ entry, ...problem }) => ({
      ...problem,
      ...atValue(entry),
    }));
  },
});

/** Seen of coturn 4.6.1 and 4.18.0: each of its sockets gets another port, and others after a restart. */
function randomPorts(settings: Settings) {
  const { udp, tcp, tls, dtls } = listenerPlan(settings);
  const listeners = [
    { option: 'listening-port', on: udp.on || tcp.on, usual: 3478 },
    { option: 'tls-listening-port', on: tls.on || dtls.on, usual: 5349 },
  ];
  return listeners.flatMap(({ option, on, usual }) => {
    const entry = on ? zeroPort(settings, option) : null;
    if (entry === null) return [];
    return [
      {
        entry,
        message: `${option} is 0: the system picks a port at each start, and nothing listens on ${usual}`,
      },
    ];
  });
}
