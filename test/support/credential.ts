import type { CredentialFact } from '../../src/model/facts.ts';

/** 31 January 2026, 12:00:00 UTC: the moment of observation of every test. */
export const nowSeconds = 1_769_860_800;

/** A sound credential that the application hands out for another hour, changed. */
export const credential = (
  changes: Partial<CredentialFact> = {},
): { readonly credential: CredentialFact } => ({
  credential: {
    origin: 'endpoint',
    username: `${nowSeconds + 3600}:alice`,
    expiresAt: nowSeconds + 3600,
    passwordForm: 'base64-sha1',
    ...changes,
  },
});

/** An account with a password of its own. */
export const staticUser = credential({
  origin: 'user',
  username: 'alice',
  expiresAt: null,
  passwordForm: 'other',
});
