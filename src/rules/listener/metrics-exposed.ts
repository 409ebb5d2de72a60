import { settingsOf } from '../../config/settings.ts';
import { isAtLeast } from '../../config/versions.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { isLoopback } from '../local-address.ts';

/** First release that can bind the exporter to one address. */
const BINDS_SINCE = '4.6.3';

export default defineRule({
  id: 'listener/metrics-exposed',
  meta: {
    title: 'Metrics are served to anyone who reaches the port',
    why: 'The Prometheus exporter asks for no password and listens on every address. With prometheus-username-labels it names every user of the service.',
    remedy:
      'Set prometheus-address to the address that the collector uses (4.6.3 and later), or close the port in the firewall.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const entry = settings.flag('prometheus') ? settings.deciding('prometheus') : undefined;
    const bound = isAtLeast(version, BINDS_SINCE) ? settings.text('prometheus-address') : '';
    if (entry === undefined || isLoopback(bound || '0.0.0.0')) return [];
    const port = settings.port('prometheus-port');
    const names = settings.flag('prometheus-username-labels');
    return [
      {
        message: `Anyone who reaches port ${port} on ${bound || 'any address'} reads the metrics${names ? ', user names included' : ''}`,
        ...atEntry(entry),
        ...(names ? { severity: 'warning' as const } : {}),
        ...(isAtLeast(version, BINDS_SINCE)
          ? {}
          : { remedy: `Close port ${port} in the firewall but for the collector.` }),
      },
    ];
  },
});
