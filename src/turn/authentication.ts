import { type Attribute, attribute } from '../stun/attributes.ts';
import { type KeyAlgorithm, longTermKey, passwordAlgorithmNumbers, userHash } from '../stun/integrity.ts';
import type { Integrity, StunMessage } from '../stun/message.ts';

export interface LongTermCredential {
  readonly username: string;
  readonly password: string;
  /** Turns sound credentials into such as a server must refuse, just before they are sent. */
  readonly spoil?: (sound: Authorization) => Authorization;
}

/** What a request needs to be authenticated; nothing before the first challenge. */
export interface Authorization {
  readonly attributes: readonly Attribute[];
  readonly integrity?: Integrity;
}

/** What to do with an error response. */
export type Reaction =
  | { readonly kind: 'retry'; readonly because: 'challenged' | 'stale-nonce' }
  /** The response is the answer; `why` where authentication ended there. */
  | { readonly kind: 'final'; readonly why?: string };

/** What happened to a request before the error at hand. */
export interface Tries {
  /** Whether the last try carried credentials. */
  readonly authorized: boolean;
  /** Error codes of the earlier tries. */
  readonly met: readonly number[];
}

interface Challenge {
  /** May be empty, which RFC 8489 does not forbid and coturn without `realm` does. */
  readonly realm: string;
  readonly nonce: string;
  readonly key: Uint8Array;
  readonly identity: Attribute;
  /** PASSWORD-ALGORITHMS as received and the one chosen: the server checks for bid-down. */
  readonly algorithms: readonly Attribute[];
}

/** A nonce that a server does not take back this often in a row comes from somewhere else. */
const MAX_STALE_NONCES = 3;

/** Long-term credential mechanism (RFC 8489 §9.2), the state that outlives one request. */
export class LongTermAuthentication {
  readonly #credential: LongTermCredential | undefined;
  #challenge: Challenge | undefined;

  constructor(credential: LongTermCredential | undefined) {
    this.#credential = credential;
  }

  /** The key requests are signed with and answers are verified with, once there was a challenge. */
  get key(): Uint8Array | undefined {
    return this.#challenge?.key;
  }

  authorize(): Authorization {
    if (!this.#challenge) return { attributes: [] };
    const { realm, nonce, key, identity, algorithms } = this.#challenge;
    const sound: Authorization = {
      attributes: [identity, { name: 'REALM', value: realm }, { name: 'NONCE', value: nonce }, ...algorithms],
      // RFC 8489 §9.2.5: whoever saw PASSWORD-ALGORITHMS signs with SHA-256 only.
      integrity: { key, algorithm: algorithms.length > 0 ? 'sha256' : 'sha1' },
    };
    return this.#credential?.spoil?.(sound) ?? sound;
  }

  /** Judges an error response to one request, of which earlier tries may have met errors too. */
  onError(response: StunMessage, tries: Tries): Reaction {
    const code = attribute(response, 'ERROR-CODE')?.code;
    if (code === 401) return this.#onUnauthenticated(response, tries.authorized);
    if (code === 438) return this.#onStaleNonce(response, tries.met);
    return { kind: 'final' };
  }

  #onUnauthenticated(response: StunMessage, authorized: boolean): Reaction {
    const realm = attribute(response, 'REALM');
    // RFC 8489 §9.2.5: never the same credentials to the same realm again.
    if (authorized && realm === this.#challenge?.realm) {
      return { kind: 'final', why: 'the server does not accept the credentials' };
    }
    if (authorized && realm !== undefined) {
      return { kind: 'final', why: `the realm changed from "${this.#challenge?.realm}" to "${realm}"` };
    }
    return this.#accept(response, 'challenged');
  }

  #onStaleNonce(response: StunMessage, met: readonly number[]): Reaction {
    const stale = met.filter(code => code === 438).length + 1;
    if (stale > MAX_STALE_NONCES) {
      return { kind: 'final', why: `the server called ${stale} nonces in a row stale, its own among them` };
    }
    return this.#accept(response, 'stale-nonce');
  }

  #accept(response: StunMessage, because: 'challenged' | 'stale-nonce'): Reaction {
    if (!this.#credential) return { kind: 'final', why: 'credentials are needed and none were given' };
    const challenge = readChallenge(response, this.#credential);
    if (typeof challenge === 'string') return { kind: 'final', why: challenge };
    this.#challenge = challenge;
    return { kind: 'retry', because };
  }
}

function readChallenge(
  response: StunMessage,
  { username, password }: LongTermCredential,
): Challenge | string {
  const realm = attribute(response, 'REALM');
  const nonce = attribute(response, 'NONCE');
  if (realm === undefined) return 'the challenge has no REALM';
  if (nonce === undefined) return 'the challenge has no NONCE';
  const features = securityFeatures(nonce);
  const chosen = chooseAlgorithm(response, features.passwordAlgorithms);
  if (typeof chosen === 'string') return chosen;
  return {
    realm,
    nonce,
    key: longTermKey({ username, realm, password }, chosen.algorithm),
    identity: features.usernameAnonymity
      ? { name: 'USERHASH', value: userHash(username, realm) }
      : { name: 'USERNAME', value: username },
    algorithms: chosen.attributes,
  };
}

function chooseAlgorithm(
  response: StunMessage,
  announced: boolean,
): { readonly algorithm: KeyAlgorithm; readonly attributes: readonly Attribute[] } | string {
  if (!announced) return { algorithm: 'md5', attributes: [] };
  const offered = attribute(response, 'PASSWORD-ALGORITHMS');
  if (!offered) {
    return 'the nonce announces PASSWORD-ALGORITHMS and the attribute is missing: removed on the way (bid-down)';
  }
  for (const candidate of offered) {
    const algorithm = (['md5', 'sha256'] as const).find(
      name => passwordAlgorithmNumbers[name] === candidate.algorithm,
    );
    if (!algorithm) continue;
    return {
      algorithm,
      attributes: [
        { name: 'PASSWORD-ALGORITHMS', value: offered },
        { name: 'PASSWORD-ALGORITHM', value: candidate },
      ],
    };
  }
  return `the server offers no password algorithm that is known here (${offered.map(({ algorithm }) => algorithm).join(', ')})`;
}

const NONCE_COOKIE = 'obMatJos2';

/** Security features in a nonce that starts with the cookie (RFC 8489 §9.2 and §18.1): 24 bits as four base64 characters. */
export function securityFeatures(nonce: string): {
  readonly passwordAlgorithms: boolean;
  readonly usernameAnonymity: boolean;
} {
  const encoded = nonce.slice(NONCE_COOKIE.length, NONCE_COOKIE.length + 4);
  if (!nonce.startsWith(NONCE_COOKIE) || !/^[A-Za-z0-9+/]{4}$/.test(encoded)) {
    return { passwordAlgorithms: false, usernameAnonymity: false };
  }
  const first = Buffer.from(encoded, 'base64')[0] ?? 0;
  // Bit 0 is the leftmost.
  return { passwordAlgorithms: (first & 0x80) !== 0, usernameAnonymity: (first & 0x40) !== 0 };
}
