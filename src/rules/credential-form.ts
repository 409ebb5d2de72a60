import type { CredentialFact, WireFact } from '../model/facts.ts';
import { observed } from '../model/observation.ts';

/** What is wrong with a credential by its form alone; `well-formed` says nothing about the secret. */
export type CredentialForm = 'well-formed' | 'milliseconds' | 'order' | 'encoding' | 'expired';

/** No time in seconds has more than ten digits before the year 2286. */
const FIRST_MILLISECONDS = 1e11;

/** Numbers below are user ids, not times: 9 September 2001. */
const FIRST_PLAUSIBLE_SECONDS = 1e9;

/**
 * Judges a time-limited credential as coturn reads it: the number before the colon is the time, and only when that part
 * is no number the one after it (coturn 4.6.1 userdb.c, get_rest_api_timestamp).
 */
export function credentialForm(
  { username, expiresAt, passwordForm }: CredentialFact,
  now: number,
): CredentialForm {
  const [first = '', second = ''] = username.split(':');
  const time = isNumber(first) ? Number(first) : isNumber(second) ? Number(second) : expiresAt;
  if (time === null) return 'well-formed';
  if (time >= FIRST_MILLISECONDS) return 'milliseconds';
  if (
    isNumber(first) &&
    isNumber(second) &&
    time < FIRST_PLAUSIBLE_SECONDS &&
    Number(second) >= FIRST_PLAUSIBLE_SECONDS
  ) {
    return 'order';
  }
  if (passwordForm === 'hex-sha1' || passwordForm === 'unpadded-base64-sha1') return 'encoding';
  return time * 1000 <= now ? 'expired' : 'well-formed';
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

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
