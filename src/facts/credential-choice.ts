import type { ConfigSecrets } from '../config/secrets.ts';
import { readExpiry } from '../credentials/verify.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { CredentialFact } from '../model/facts.ts';
import { type CredentialSource, givenCredential, issuedCredential } from '../probes/credential.ts';
import type { LongTermCredential } from '../turn/authentication.ts';
import { credentialFact } from './credential.ts';

/** Everything a credential can come from, in the order of preference: what was asked for beats what was found. */
export interface CredentialOrigins {
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  readonly sharedSecret?: string | undefined;
  readonly endpoint?: LongTermCredential | undefined;
  readonly configured?: ConfigSecrets | undefined;
}

export interface ChosenCredential {
  readonly source: CredentialSource | undefined;
  readonly fact: Fact<CredentialFact>;
}

/** The credential to probe with, issued from a secret where there is one. `now` in milliseconds since 1970. */
export function chooseCredential(
  { user, sharedSecret, endpoint, configured }: CredentialOrigins,
  now: number,
): ChosenCredential {
  const chosen = (origin: CredentialFact['origin'], source: CredentialSource): ChosenCredential => ({
    source,
    fact: known(credentialFact(origin, source(0), now)),
  });
  if (user !== undefined) {
    const credential = { username: user.name, password: user.password };
    const kind = readExpiry(user.name, now).kind === 'missing' ? 'static' : 'time-limited';
    return chosen('user', givenCredential(credential, kind));
  }
  if (sharedSecret !== undefined) return chosen('secret-file', issuedCredential(sharedSecret, now));
  if (endpoint !== undefined) return chosen('endpoint', givenCredential(endpoint, 'endpoint'));
  const [secret] = configured?.staticAuthSecrets ?? [];
  if (secret !== undefined) return chosen('configuration', issuedCredential(secret, now));
  // A key computed from a password cannot be turned back into it.
  const account = configured?.users.find(({ isKey }) => !isKey);
  if (account === undefined) {
    return { source: undefined, fact: unknown('no credentials were given (--secret-file, --user, --api)') };
  }
  return chosen(
    'configuration',
    givenCredential({ username: account.name, password: account.password }, 'static'),
  );
}
