import { createHmac } from 'node:crypto';

/** What a TURN client needs, and when it stops working. */
export interface TimeLimitedCredential {
  readonly username: string;
  readonly password: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

export interface IssueOptions {
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly ttlSeconds: number;
  /** Any text after the expiry, for the server's log and its quota per user. */
  readonly name?: string;
}

/** Padded base64 of HMAC-SHA1 over the user name: the password coturn expects under `use-auth-secret`. */
export const passwordFor = (secret: string, username: string): string =>
  createHmac('sha1', secret).update(username).digest('base64');

/** Issues `expiry:name` with its password (draft-uberti-behave-turn-rest-00 §2.2); `expiry` alone without a name. */
export function issueCredential({ secret, now, ttlSeconds, name }: IssueOptions): TimeLimitedCredential {
  const expiresAt = Math.floor(now / 1000) + ttlSeconds;
  const username = name ? `${expiresAt}:${name}` : String(expiresAt);
  return { username, password: passwordFor(secret, username), expiresAt };
}
