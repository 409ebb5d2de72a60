import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { offeredFor } from '../offered-uris.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'tls/offered-but-disabled',
  meta: {
    title: 'Clients are offered turns:, and the server has no TLS',
    effect: 'Clients that need TLS get no relay, and the others wait for it',
    why: 'A browser that is given a turns: URL connects to a port that is closed, or that does not speak TLS, which costs it 30 s.',
    remedy: 'Set cert and pkey and remove no-tls, or stop offering turns:.',
    severity: 'error',
    references: ['RFC 7065 §3.2'],
  },
  needs: ['config', 'version', 'endpoint'],
  uses: ['wire', 'service'],
  check: ({ config, version, endpoint, wire, service }) => {
    if (endpoint.outcome !== 'answered') return { skip: endpoint.error };
    const settings = settingsOf(config, version.version);
    const { tls, tcp } = listenerPlan(settings);
    if (tls.on) return [];
    const off = settings.flag('no-tls') ? settings.deciding('no-tls') : undefined;
    // On a port of its own a proxy may end TLS in front of coturn.
    const offered = offeredFor('tls', endpoint, wire).filter(({ port }) =>
      [tls.port, tcp.port].includes(port),
    );
    return offered.map(({ text }) => ({
      ...(off ? atEntry(off) : {}),
      message: `${endpoint.url} offers ${text}, but ${off ? 'no-tls switches TLS off' : 'neither cert nor pkey is set'}`,
      evidence: `offered: ${text}`,
      remedy: `Take ${text} out of the list, or ${off ? 'remove no-tls' : 'set cert and pkey'} and ${restartCommand(service)}.`,
    }));
  },
});
