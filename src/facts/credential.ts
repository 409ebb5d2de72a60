import { passwordForm, readExpiry } from '../credentials/verify.ts';
import type { CredentialFact } from '../model/facts.ts';

/** What of a credential may be in a fact: the user name, its time, and the form of the password. */
export function credentialFact(
  origin: CredentialFact['origin'],
  { username, password }: { readonly username: string; readonly password: string },
  now: number,
): CredentialFact {
  const expiry = readExpiry(username, now);
  return {
    origin,
    username,
    expiresAt: expiry.kind === 'expires' ? expiry.at : null,
    passwordForm: passwordForm(password),
  };
}
