import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { atEntry, quotedAll } from '../evidence.ts';

export default defineRule({
  id: 'auth/secret-overrides-users',
  meta: {
    title: 'Static users beside time-limited credentials',
    effect: 'Static users are refused with 401',
    why: 'use-auth-secret and static-auth-secret switch coturn to time-limited credentials, and the user lines are not even loaded. The value of use-auth-secret is never read: "=false" switches it on too.',
    remedy: 'Keep one: delete the user lines, or delete use-auth-secret and static-auth-secret.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const users = settings.entries('user');
    if (!settings.flag('use-auth-secret') || users.length === 0) return [];
    const cause = settings.deciding('use-auth-secret') ?? settings.deciding('static-auth-secret')!;
    return [
      {
        message: `${cause.name} makes coturn ignore ${plural(users.length, 'user line')}: ${
          users.length === 1 ? 'that user gets' : 'each of them gets'
        } 401`,
        ...atEntry(cause),
        evidence: quotedAll([cause, ...users.slice(0, 3)]),
      },
    ];
  },
});
