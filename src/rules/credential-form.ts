import type { CredentialFact, WireFact } from '../model/facts.ts';
import { observed } from '../model/observation.ts';

/** What is wrong with a credential by its form alone; `well-formed` says nothing about the secret. */
export type CredentialForm = 'well-formed' | 'milliseconds' | 'order' | 'encoding' | 'expired';

// As numbers of seconds: September 2001, before which a number is a user id, and the year 5138.
const EARLIEST_TIME = 1e9;
const LATEST_TIME = 1e11;

/**
 * Judges a time-limited credential as coturn reads it: of two numbers the first is the time (coturn 4.6.1 userdb.c,
 * get_rest_api_timestamp). A static user has no form to judge. `now` in milliseconds since 1970.
 */
export function credentialForm(credential: CredentialFact, now: number): CredentialForm {
  const { origin, username, expiresAt, passwordForm } = credential;
  const [, first = ''] = /^(\d+):\d{10}(?!\d)/.exec(username) ?? [];
  if (first !== '' && Number(first) < EARLIEST_TIME) return 'order';
  if (expiresAt === null || (origin === 'user' && expiresAt < EARLIEST_TIME)) return 'well-formed';
  if (expiresAt >= LATEST_TIME) return 'milliseconds';
  if (passwordForm !== 'base64-sha1') return 'encoding';
  return expiresAt * 1000 <= now ? 'expired' : 'well-formed';
}

/** Whether the server took the credential after all: no rule on its form can be right then. */
export const wasAccepted = (wire: WireFact | undefined): boolean =>
  observed(wire?.observations ?? [], 'turn-allocate').some(
    observation => observation.outcome === 'allocated' && observation.challenged,
  );

/** `the credential from https://app.example.org/turn`, for a message. */
export function credentialName({ origin }: CredentialFact): string {
  switch (origin) {
    case 'endpoint':
      return 'The credential that the application hands out';
    case 'user':
      return 'The credential given';
    case 'configuration':
    case 'secret-file':
      return 'The credential turnctl made';
  }
}
