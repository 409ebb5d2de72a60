import type { Failure, ObservationBase } from '../outcome.ts';

/** What became of one request with credentials, sound or not, over a 5-tuple of its own. */
export interface AuthTry {
  /** `accepted`, the code of the error response, or null when nothing came back. */
  readonly answer: 'accepted' | number | null;
  /** From the request with credentials to its answer; null when nothing came back. */
  readonly ms: number | null;
  /** Of the answer as a STUN message; null when nothing came back. */
  readonly sizeBytes: number | null;
}

/** A credential that no server may accept. */
export type WrongCredential =
  | 'wrong-password'
  | 'unknown-user'
  | 'expired'
  | 'garbled-integrity'
  | 'foreign-realm'
  | 'no-integrity';

/** The clock of the server against ours, in seconds: it lies between the two. Positive: the server is ahead. */
export interface ClockBounds {
  readonly atLeastSeconds: number | null;
  readonly atMostSeconds: number | null;
  /** Requests it took. */
  readonly tries: number;
}

/** Whom a server lets in: credentials that must be accepted, and such that must not. No allocation is made for them. */
export type AuthObservation = ObservationBase<'turn-auth'> &
  (
    | {
        readonly outcome: 'complete';
        readonly challenge: {
          readonly realm: string;
          /** Security features in the nonce (RFC 8489 §9.2). */
          readonly announced: { readonly passwordAlgorithms: boolean; readonly usernameAnonymity: boolean };
          /** PASSWORD-ALGORITHMS by their numbers; null without the attribute. */
          readonly passwordAlgorithms: readonly number[] | null;
          /** THIRD-PARTY-AUTHORIZATION (RFC 7635): the server also takes OAuth tokens. */
          readonly thirdParty?: string;
        };
        /** The credentials that were given, and whether they are taken. */
        readonly given: readonly (AuthTry & {
          readonly label: string;
          readonly kind: 'time-limited' | 'static';
        })[];
        readonly wrong: readonly (AuthTry & { readonly kind: WrongCredential })[];
        /** Absent without an accepted secret to make credentials from. */
        readonly clock?: ClockBounds;
        /** Secrets anybody may know: how many were tried, and where those come from that are taken. Absent when none were to be. */
        readonly guessed?: { readonly tried: number; readonly accepted: readonly string[] };
        /** What a Refresh was answered after the credential of its allocation had expired. Absent when not asked for. */
        readonly outlived?: Pick<AuthTry, 'answer'> | { readonly skipped: string };
        /** Requests that were refused in all: what a rate limit or fail2ban counts. */
        readonly refusals: number;
      }
    /** It answered without asking for credentials. */
    | { readonly outcome: 'unchallenged' }
    | Failure
  );
