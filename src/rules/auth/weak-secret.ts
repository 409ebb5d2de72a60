import { settingsOf } from '../../config/settings.ts';
import type { SecretTraits } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { templateIn } from '../left-over-text.ts';

/** Below this a secret can be found offline from one user name and password, which every client of the service has. */
const ENOUGH_BITS = 64;

export default defineRule({
  id: 'auth/weak-secret',
  meta: {
    title: 'Secret that can be guessed',
    why: 'Every client gets a user name and its HMAC, so anyone who may call can try secrets at home, millions in a second. Who finds it makes credentials of his own and relays at your expense.',
    remedy:
      'Make one with "openssl rand -hex 32", write it into both coturn and the application, and restart both.',
    severity: 'warning',
    explainedBy: ['config/line-too-long', 'config/placeholder'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    settingsOf(config, version)
      .entries('static-auth-secret')
      .flatMap(entry => {
        const weakness = entry.secret && templateIn(entry) === null ? weaknessOf(entry.secret) : null;
        return weakness === null ? [] : [{ message: `static-auth-secret ${weakness}`, ...atEntry(entry) }];
      }),
});

function weaknessOf({ length, published, placeholder, entropyBits }: SecretTraits): string | null {
  if (length === 0) return null;
  if (published) return 'is printed in a tutorial or a sample file';
  if (placeholder) return 'is a placeholder';
  if (entropyBits >= ENOUGH_BITS) return null;
  return `has ${length} characters, at most ${entropyBits} bits: too few against guessing`;
}
