import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { isLoopback } from '../local-address.ts';

export default defineRule({
  id: 'listener/web-admin-exposed',
  meta: {
    title: 'The web interface listens beyond the loopback address',
    why: 'It shows sessions and changes users, secrets and settings, and most advisories about coturn are about it. Attempts at its password are slowed down from 4.13.0 on, before not at all.',
    remedy:
      'Delete web-admin-ip and web-admin-listen-on-workers, and reach it over SSH, or delete web-admin.',
    severity: 'warning',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    if (!settings.flag('web-admin')) return [];
    const address = settings.deciding('web-admin-ip');
    const everywhere =
      address !== undefined && !isLoopback(address.value ?? '')
        ? [
            {
              message: `The web interface listens on ${address.value || '0.0.0.0'}, port ${settings.port('web-admin-port')}`,
              ...atEntry(address),
            },
          ]
        : [];
    const workers = settings.flag('web-admin-listen-on-workers')
      ? settings.deciding('web-admin-listen-on-workers')
      : undefined;
    return workers === undefined
      ? everywhere
      : [
          ...everywhere,
          { message: 'The web interface is on the TLS ports that clients use', ...atEntry(workers) },
        ];
  },
});
