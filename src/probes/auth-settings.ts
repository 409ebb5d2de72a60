import type { LongTermCredential } from '../turn/authentication.ts';

/** What to prove the authentication of a server with. */
export interface AuthSettings {
  /** In the order given: the first that is accepted serves for what needs one. */
  readonly candidates: readonly Candidate[];
  /** Secrets to try because anybody may know them. */
  readonly guesses: readonly { readonly label: string; readonly secret: string }[];
  /** Whether to see what becomes of an allocation when its credential expires, which takes seconds. */
  readonly outlive: boolean;
}

/** A credential, or a secret to make one from, under the name by which a report speaks of it. */
export type Candidate = { readonly label: string } & (
  | { readonly secret: string }
  | { readonly credential: LongTermCredential }
);
