import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';

const KEY = /^[^:]+:0x/;

/** An MD5 key is 16 bytes. In the fact each character of a secret is a `*`. */
const WHOLE_KEY = /^[^:]+:0x[*\da-fA-F]{32}$/;

export default defineRule({
  id: 'auth/user-key-format',
  meta: {
    title: 'Password that coturn reads as a key',
    effect: 'A user is refused with 401',
    why: 'Behind user=name: a value that starts with 0x is the precomputed key MD5(name:realm:password) in 32 hexadecimal digits, not a password.',
    remedy: 'Choose a password that does not start with 0x, or write the key that turnadmin -k prints.',
    severity: 'error',
    references: ['turnadmin -k', 'RFC 8489 §9.2.2'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    settingsOf(config, version)
      .entries('user')
      .flatMap(entry => {
        const value = entry.value ?? '';
        if (!KEY.test(value) || WHOLE_KEY.test(value)) return [];
        const name = value.split(':', 1)[0]!;
        const digits = value.length - name.length - ':0x'.length;
        return [
          {
            message: `The password of ${name} starts with 0x, so coturn reads it as a key, and it has ${digits} digits instead of 32`,
            ...atValue(entry),
          },
        ];
      }),
});
