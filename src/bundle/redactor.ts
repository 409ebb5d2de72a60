import { MASK, maskSecrets } from '../util/mask.ts';
import { type AddressTokens, addressTokens } from './address-tokens.ts';
import { maskOver, type Stretch, secretSearch } from './secret-search.ts';
import { type UserTokens, userTokens } from './user-tokens.ts';

/** What is to be taken out, and how. */
export interface RedactorInput {
  /** Of the tokens. */
  readonly key: Uint8Array;
  /** In clear text; taken out in every encoding. */
  readonly secrets: readonly string[];
  readonly users: readonly string[];
  readonly keepAddresses: boolean;
}

/** Takes out of text what must not leave the host. */
export interface Redactor {
  /** Text that a program printed or somebody wrote. */
  text(text: string): string;
  /** Facts and reports of ours, which hold no secret by their making; numbers, keys and shape stay. */
  json<T>(value: T): T;
  /** JSON that somebody else made: what a telling key names is a secret, and every string is a text. */
  foreignJson(value: unknown): unknown;
  /** Puts asterisks in the place of known secrets, in place. For bytes whose length must stay. */
  coverSecrets(bytes: Uint8Array): void;
  /** The same for what holds a user name. */
  coverUser(bytes: Uint8Array): void;
  /** What the tokens stand for: it stays on the host. */
  readonly users: UserTokens['map'];
  readonly addresses: AddressTokens['map'] | null;
  /** In how many places a secret, or what looks like one, stood. */
  readonly secretsTakenOut: number;
}

export function createRedactor({ key, secrets, users, keepAddresses }: RedactorInput): Redactor {
  const search = secretSearch(secrets);
  const names = userTokens(key, users);
  const addresses = keepAddresses ? null : addressTokens(key);
  let taken = 0;

  function without(stretches: readonly Stretch[], text: string): string {
    taken += stretches.length;
    let end = 0;
    const parts = stretches.map(({ from, to }) => {
      const part = text.slice(end, from) + maskOver(text.slice(from, to), MASK);
      end = to;
      return part;
    });
    return parts.join('') + text.slice(end);
  }

  function withoutKnown(text: string, atLineEnds: boolean): string {
    const left = without(search.whole(text), text);
    return without(search.cutOff(left, atLineEnds), left);
  }

  const withTokens = (text: string): string => {
    const named = names.replace(text);
    return addresses === null ? named : addresses.replace(named);
  };

  function text(original: string): string {
    const known = withoutKnown(original, true);
    const masked = maskSecrets(known);
    taken += Math.max(0, countOf(masked) - countOf(known));
    return withTokens(masked);
  }

  const known = (original: string): string => withTokens(withoutKnown(original, false));
  const isSecret = (name: string, value: unknown): boolean =>
    SECRET_KEY.test(name) && typeof value === 'string';

  return {
    text,
    json: value => mapped(value, known, (_, inner) => inner) as typeof value,
    foreignJson: value =>
      mapped(value, text, (name, inner) => {
        if (!isSecret(name, inner)) return inner;
        taken++;
        return MASK;
      }),
    coverSecrets(bytes) {
      const stretches = search.whole(Buffer.from(bytes).toString('latin1'));
      for (const { from, to } of stretches) bytes.fill(ASTERISK, from, to);
      taken += stretches.length;
    },
    coverUser(bytes) {
      const found = Buffer.from(bytes).toString('latin1');
      const covered = names.cover(found);
      if (covered !== found) bytes.set(Buffer.from(covered, 'latin1'));
    },
    users: names.map,
    addresses: addresses?.map ?? null,
    get secretsTakenOut() {
      return taken;
    },
  };
}

const ASTERISK = 0x2a;

const SECRET_KEY = /secret|passw|^pass$|pwd|credential$|token|authorization|api_?key/i;

/** A value of JSON with its strings and keys changed, after `change` had a look at each entry of an object. */
function mapped(
  value: unknown,
  clean: (text: string) => string,
  change: (name: string, inner: unknown) => unknown,
): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) {
    return isLines(value)
      ? clean(value.join('\n')).split('\n')
      : value.map(inner => mapped(inner, clean, change));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    clean(name),
    mapped(change(name, inner), clean, change),
  ]);
  return Object.fromEntries(entries);
}

/** Of a log, for instance: what is broken into lines must be seen as a whole. */
const isLines = (value: readonly unknown[]): boolean =>
  value.length > 1 && value.every(line => typeof line === 'string' && !line.includes('\n'));

const countOf = (text: string): number => text.split(MASK).length - 1;
