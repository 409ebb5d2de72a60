import { attribute } from '../stun/attributes.ts';
import { longTermKey, passwordAlgorithmNumbers } from '../stun/integrity.ts';
import type { StunMessage } from '../stun/message.ts';
import type { KeyOf } from './explain.ts';

/** The password of a user name, where one can be told: the given one, or what the shared secret makes of the name. */
export type PasswordOf = (username: string) => string | undefined;

interface Known {
  readonly username?: string | undefined;
  readonly realm?: string | undefined;
  readonly algorithm: 'md5' | 'sha256';
}

/** Conversations remembered at a time. */
const MOST = 10_000;

/** Keys of long-term credentials: responses name neither user nor realm, so what a request said counts for both ways. */
export class Keys {
  readonly #passwordOf: PasswordOf;
  readonly #known = new Map<string, Known>();

  constructor(passwordOf: PasswordOf = () => undefined) {
    this.#passwordOf = passwordOf;
  }

  /** For a message between these two ends; without ends, for bytes that came alone. */
  of(from = '', to = ''): KeyOf {
    const pair = [from, to].sort().join(' ');
    return message => this.#key(pair, message);
  }

  #key(pair: string, message: StunMessage): Uint8Array | undefined {
    const before = this.#known.get(pair);
    const chosen = attribute(message, 'PASSWORD-ALGORITHM')?.algorithm;
    const known: Known = {
      username: attribute(message, 'USERNAME') ?? before?.username,
      realm: attribute(message, 'REALM') ?? before?.realm,
      algorithm:
        chosen === undefined
          ? (before?.algorithm ?? 'md5')
          : chosen === passwordAlgorithmNumbers.sha256
            ? 'sha256'
            : 'md5',
    };
    if (this.#known.size < MOST || before) this.#known.set(pair, known);
    const { username, realm, algorithm } = known;
    const password = username === undefined ? undefined : this.#passwordOf(username);
    if (username === undefined || realm === undefined || password === undefined) return undefined;
    return longTermKey({ username, realm, password }, algorithm);
  }
}
