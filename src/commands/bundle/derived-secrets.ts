import type { ConfigSecrets } from '../../config/secrets.ts';
import { passwordFor } from '../../credentials/issue.ts';
import { longTermKey } from '../../stun/integrity.ts';

/** A log of a busy server names thousands of users. */
const MOST_NAMES = 5000;

/** `expiry:name` and `name:expiry`, in a URL too. */
const TIMED = /(?<![\w.@+-])(?:\d{9,13}(?::|%3A)[\w.@+%-]{1,200}|[\w.@+%-]{1,200}(?::|%3A)\d{9,13}(?!\d))/gi;

/**
 * What can be made of a secret and is as good as one: the passwords of the time-limited user names in these texts, and the
 * keys of users with a password (MD5 and SHA-256 of `name:realm:password`) as coturn's database holds them.
 */
export function derivedSecrets(
  { staticAuthSecrets, users }: ConfigSecrets,
  realms: readonly string[],
  texts: readonly string[],
): readonly string[] {
  const names = new Set(
    texts.flatMap(text => text.match(TIMED) ?? []).map(name => name.replace(/%3A/i, ':')),
  );
  const passwords = staticAuthSecrets
    .filter(secret => secret !== '')
    .flatMap(secret => [...names].slice(0, MOST_NAMES).map(name => passwordFor(secret, name)));
  const keys = users
    .filter(({ isKey }) => !isKey)
    .flatMap(({ name, password }) =>
      realms.flatMap(realm =>
        (['md5', 'sha256'] as const).map(algorithm =>
          longTermKey({ username: name, realm, password }, algorithm),
        ),
      ),
    );
  return [
    ...passwords,
    ...users.filter(({ isKey }) => isKey).map(({ password }) => password.slice('0x'.length)),
    ...keys.flatMap(key => [Buffer.from(key).toString('hex'), Buffer.from(key).toString('base64')]),
  ];
}
