import { authentication } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { templateIn } from '../left-over-text.ts';

export default defineRule({
  id: 'auth/plain-text-password',
  meta: {
    title: 'Passwords of users in plain text',
    why: 'Whoever reads the file or a copy of it has the passwords themselves. coturn also takes the key made of user name, realm and password, from which the password cannot be read. The key is still as good as the password on this server.',
    remedy: 'Make a key with "turnadmin -k -u NAME -r REALM -p PASSWORD" and write user=NAME:KEY.',
    severity: 'info',
    references: ['RFC 8489 §9.2.2'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    if (authentication(settings).mode !== 'static-users') return [];
    const plain = settings.entries('user').filter(({ value, secret, ...entry }) => {
      const password = (value ?? '').slice((value ?? '').indexOf(':') + 1);
      return (
        (secret?.length ?? 0) > 0 && !password.startsWith('0x') && templateIn({ value, ...entry }) === null
      );
    });
    const [first] = plain;
    if (first === undefined) return [];
    return [
      { message: `${plural(plain.length, 'user line')} with a password in plain text`, ...atEntry(first) },
    ];
  },
});
