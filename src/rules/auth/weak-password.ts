import { wantsCli } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { templateIn } from '../left-over-text.ts';

/** What a password opens, by option. */
const OPENS: Readonly<Record<string, string>> = {
  user: 'relaying in the name of this user',
  'cli-password': 'the telnet CLI, which changes the settings of the running server',
  'psql-userdb': 'the database of users and secrets',
  'mysql-userdb': 'the database of users and secrets',
  'redis-userdb': 'the database of users and secrets',
  'mongo-userdb': 'the database of users and secrets',
};

export default defineRule({
  id: 'auth/weak-password',
  meta: {
    title: 'Password from a tutorial',
    why: 'The passwords of sample files, tutorials and images are the first that anybody tries, and relays that take them are found by scanners within days.',
    remedy: 'Choose another one, as "openssl rand -base64 18" prints, in the file and wherever it is used.',
    severity: 'warning',
    explainedBy: ['config/placeholder'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return Object.entries(OPENS)
      .filter(([option]) => option !== 'cli-password' || wantsCli(settings))
      .flatMap(([option, opens]) => settings.entries(option).flatMap(entry => judged(entry, opens)));
  },
});

function judged(entry: ConfigEntry, opens: string): Problem[] {
  if (!entry.secret?.published || templateIn(entry) !== null) return [];
  return [
    {
      message: `The password of ${entry.name} is printed in a tutorial or a sample file; it opens ${opens}`,
      ...atEntry(entry),
    },
  ];
}
