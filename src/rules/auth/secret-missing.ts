import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { misspelt } from '../misspelt.ts';

const DATABASES = ['userdb', 'psql-userdb', 'mysql-userdb', 'mongo-userdb', 'redis-userdb'];

export default defineRule({
  id: 'auth/secret-missing',
  meta: {
    title: 'Time-limited credentials without a secret',
    effect: 'Every client is refused with 401',
    why: 'With use-auth-secret coturn computes each password from a secret. Without one no credential is right; with an empty one, anybody can compute them.',
    remedy: 'Add static-auth-secret with the secret that the application signs with, then restart coturn.',
    severity: 'error',
    explainedBy: ['config/unknown-option', 'config/boolean-value', 'config/not-coturn'],
    references: ['draft-uberti-behave-turn-rest-00'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const empty = settings.entries('static-auth-secret').filter(entry => (entry.value ?? '') === '');
    if (empty.length > 0) {
      return empty.map(entry => ({
        message:
          'static-auth-secret is empty: coturn accepts credentials made with no secret at all, by anyone',
        ...atEntry(entry),
        remedy:
          'Fill in a long random secret (openssl rand -hex 32), the same in the application, and restart coturn.',
      }));
    }
    const mechanism = settings.deciding('use-auth-secret');
    if (mechanism === undefined || settings.isSet('static-auth-secret')) return [];
    const database = DATABASES.flatMap(name => settings.deciding(name) ?? [])[0];
    if (database !== undefined) {
      return [
        {
          message: `use-auth-secret has no static-auth-secret, so every secret must stand in the database (${database.name}, table turn_secret)`,
          ...atEntry(mechanism),
          severity: 'warning',
          remedy:
            'Make sure that turn_secret holds a secret for this realm (turnadmin -S), or add static-auth-secret.',
        },
      ];
    }
    // Read from a file alone, the command line is not known; from a service it is part of the entries.
    const fileAlone = config.foundBy === 'asked' && config.entries.every(entry => entry.origin === 'file');
    return [
      {
        message: `use-auth-secret stands without a static-auth-secret: unless the database has one, every client gets 401${
          fileAlone ? ' (the command line could still hold it)' : ''
        }`,
        ...atEntry(misspelt(config, version, ['static-auth-secret'])?.entry ?? mechanism),
      },
    ];
  },
});
