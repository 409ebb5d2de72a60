import { issueCredential } from '../credentials/issue.ts';
import type { LongTermCredential } from '../turn/authentication.ts';

/** User name and password to allocate with, and where they came from. */
export interface ProbeCredential extends LongTermCredential {
  readonly kind: 'time-limited' | 'static' | 'endpoint';
}

/** The credential of each conversation, by its number in the run. */
export type CredentialSource = (conversation: number) => ProbeCredential;

/** Long enough for every probe of a run, short enough to be worth nothing afterwards. */
const TTL_SECONDS = 300;

/** The same credential for all of them. */
export const givenCredential =
  (credential: LongTermCredential, kind: ProbeCredential['kind']): CredentialSource =>
  () => ({ ...credential, kind });

/**
 * Credentials made from a secret, under a name of its own for each conversation: coturn counts `user-quota` by name, holds an
 * allocation for a second after its deletion, and would answer 486 to us where it answers nobody else so.
 */
export const issuedCredential =
  (secret: string, now: number): CredentialSource =>
  conversation => {
    const { username, password } = issueCredential({
      secret,
      now,
      ttlSeconds: TTL_SECONDS,
      name: `turnctl-${conversation}`,
    });
    return { username, password, kind: 'time-limited' };
  };
