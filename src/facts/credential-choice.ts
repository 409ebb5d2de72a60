import type { ConfigSecrets } from '../config/secrets.ts';
import { issueCredential } from '../credentials/issue.ts';
import { readExpiry } from '../credentials/verify.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { CredentialFact } from '../model/facts.ts';
import type { ProbeCredential } from '../probes/conversation.ts';
import type { LongTermCredential } from '../turn/authentication.ts';
import { credentialFact } from './credential.ts';

/** Everything a credential can come from, in the order of preference: what was asked for beats what was found. */
export interface CredentialSources {
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  readonly sharedSecret?: string | undefined;
  readonly endpoint?: LongTermCredential | undefined;
  readonly configured?: ConfigSecrets | undefined;
}

export interface ChosenCredential {
  readonly probe: ProbeCredential | undefined;
  readonly fact: Fact<CredentialFact>;
}

/** Long enough for every probe of a run, short enough to be worth nothing afterwards. */
const TTL_SECONDS = 300;

/** Under which name the server's log shows the probes. */
const NAME = 'turnctl';

/** The credential to probe with, issued from a secret where there is one. `now` in milliseconds since 1970. */
export function chooseCredential(
  { user, sharedSecret, endpoint, configured }: CredentialSources,
  now: number,
): ChosenCredential {
  const chosen = (origin: CredentialFact['origin'], probe: ProbeCredential): ChosenCredential => ({
    probe,
    fact: known(credentialFact(origin, probe, now)),
  });
  if (user !== undefined) {
    const kind = readExpiry(user.name, now).kind === 'missing' ? 'static' : 'time-limited';
    return chosen('user', { username: user.name, password: user.password, kind });
  }
  if (sharedSecret !== undefined) return chosen('secret-file', issued(sharedSecret, now));
  if (endpoint !== undefined) return chosen('endpoint', { ...endpoint, kind: 'endpoint' });
  const [secret] = configured?.staticAuthSecrets ?? [];
  if (secret !== undefined) return chosen('configuration', issued(secret, now));
  // A key computed from a password cannot be turned back into it.
  const account = configured?.users.find(({ isKey }) => !isKey);
  if (account !== undefined) {
    return chosen('configuration', { username: account.name, password: account.password, kind: 'static' });
  }
  return { probe: undefined, fact: unknown('no credentials were given (--secret-file, --user, --api)') };
}

function issued(secret: string, now: number): ProbeCredential {
  const { username, password } = issueCredential({ secret, now, ttlSeconds: TTL_SECONDS, name: NAME });
  return { username, password, kind: 'time-limited' };
}
