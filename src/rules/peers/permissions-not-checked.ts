import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

export default defineRule({
  id: 'peers/permissions-not-checked',
  meta: {
    title: 'Anyone may send to relayed addresses',
    why: 'server-relay lets packets of every address through to the client, permission or not. It is meant for servers that run behind the relay; for calls it only removes the protection that TURN gives.',
    remedy: 'Delete server-relay and restart coturn.',
    severity: 'warning',
    references: ['RFC 8656 §9', 'coturn turnserver(1), --server-relay'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const entry = settings.flag('server-relay') ? settings.deciding('server-relay') : undefined;
    if (entry === undefined) return [];
    return [
      {
        message: 'server-relay switches the check of permissions off for what peers send',
        ...atEntry(entry),
      },
    ];
  },
});
