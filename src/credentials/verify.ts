import { createHmac, timingSafeEqual } from 'node:crypto';

export type PasswordForm = 'base64-sha1' | 'hex-sha1' | 'unpadded-base64-sha1' | 'other';

/** How coturn reads the time in a user name. */
export type Expiry =
  /** `unix` in seconds. `milliseconds`: so far in the future that it can only be meant in milliseconds. */
  | {
      readonly kind: 'expires';
      readonly at: number;
      readonly expired: boolean;
      readonly milliseconds: boolean;
    }
  /** coturn finds no number and reads 0, which is long past. */
  | { readonly kind: 'missing' }
  /** A number stands on both sides: coturn takes the first, which is no time, and the second is one. */
  | { readonly kind: 'wrong-order'; readonly at: number; readonly read: number };

export interface Verification {
  readonly expiry: Expiry;
  readonly form: PasswordForm;
  /** Index of the secret that made the password, whatever its form; null when none of them did. */
  readonly secret: number | null;
  /** What coturn would say: the right secret, the right form, and time left. */
  readonly accepted: boolean;
}

// Below it: 2001 in seconds. Above it: beyond the year 5138 in seconds, and any moment since 1973 in milliseconds.
const EARLIEST_TIME = 1_000_000_000;
const LATEST_TIME = 100_000_000_000;

/** What kind of digest a password looks like; says nothing about whether it is right. */
export function passwordForm(password: string): PasswordForm {
  if (/^[A-Za-z0-9+/]{27}=$/.test(password)) return 'base64-sha1';
  if (/^[A-Za-z0-9+/_-]{27}$/.test(password)) return 'unpadded-base64-sha1';
  if (/^[0-9a-fA-F]{40}$/.test(password)) return 'hex-sha1';
  return 'other';
}

/** The number coturn takes for the expiry, 0 when there is none (get_rest_api_timestamp in coturn's userdb.c). */
export function expiryCoturnReads(username: string, separator = ':'): number {
  const [first = '', ...rest] = username.split(separator);
  const after = rest.join(separator);
  const text = rest.length > 0 && !/^\d+$/.test(first) ? after : first;
  return Number.parseInt(text, 10) || 0;
}

/** Judges the time in a user name as coturn would at `now` (milliseconds since 1970). */
export function readExpiry(username: string, now: number): Expiry {
  const at = expiryCoturnReads(username);
  const second = /^\d+:(\d{10})(?!\d)/.exec(username)?.[1];
  if (at < EARLIEST_TIME && second) return { kind: 'wrong-order', at: Number(second), read: at };
  if (at === 0) return { kind: 'missing' };
  return { kind: 'expires', at, expired: at * 1000 < now, milliseconds: at >= LATEST_TIME };
}

function digestOf(password: string, form: PasswordForm): Buffer | undefined {
  if (form === 'other') return undefined;
  return form === 'hex-sha1' ? Buffer.from(password, 'hex') : Buffer.from(password, 'base64');
}

/** Says which of several secrets made a password and why coturn would refuse it all the same. `now` in milliseconds. */
export function verifyCredential({
  username,
  password,
  secrets,
  now,
}: {
  readonly username: string;
  readonly password: string;
  readonly secrets: readonly string[];
  readonly now: number;
}): Verification {
  const expiry = readExpiry(username, now);
  const form = passwordForm(password);
  const digest = digestOf(password, form);
  const matches = secrets.map(secret => {
    const expected = createHmac('sha1', secret).update(username).digest();
    return digest !== undefined && digest.length === expected.length && timingSafeEqual(digest, expected);
  });
  const secret = matches.includes(true) ? matches.indexOf(true) : null;
  const inTime = expiry.kind === 'expires' && !expiry.expired;
  return { expiry, form, secret, accepted: secret !== null && form === 'base64-sha1' && inTime };
}
