import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry, quotedAll } from '../evidence.ts';

export default defineRule({
  id: 'listener/none-left',
  meta: {
    title: 'No listener is left',
    effect: 'The server answers nobody',
    why: 'With no-udp and no-tcp only TLS and DTLS are left, and those need cert and pkey. coturn starts, listens on nothing, and says so nowhere.',
    remedy: 'Delete no-udp: browsers ask over UDP first.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const { udp, tcp, tls, dtls, proxyPort } = listenerPlan(settings);
    if (udp.on || tcp.on || tls.on || dtls.on || proxyPort !== null) return [];
    const [first, ...others] = ['no-udp', 'no-tcp'].flatMap(name => settings.deciding(name) ?? []);
    if (first === undefined) return [];
    return [
      {
        message: 'UDP and TCP are off, and there is no certificate for TLS: coturn listens on nothing',
        ...atEntry(first),
        evidence: quotedAll([first, ...others]),
      },
    ];
  },
});
