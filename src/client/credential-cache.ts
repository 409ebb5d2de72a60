/** What the credential endpoint answers. */
export interface TurnCredentials {
  readonly username: string;
  readonly password: string;
  /** Seconds for which it is good. */
  readonly ttl: number;
  /** RFC 7064 and RFC 7065 URIs. */
  readonly uris: readonly string[];
}

export interface CacheOptions {
  /** How long a credential is used, in milliseconds, though it may live longer. Default 5 minutes. */
  readonly maxAgeMs?: number;
  readonly now?: () => number;
}

interface Held {
  readonly credentials: TurnCredentials;
  /** From then on the next one is fetched beside the use of this one. */
  readonly freshUntil: number;
  readonly goodUntil: number;
}

const FIVE_MINUTES = 300_000;

/** Of the time a credential is used, the part after which the next one is fetched. */
const FRESH_PART = 0.7;

const RETRY_AFTER_MS = [300, 1_000];

/** Holds one credential: never past its ttl, renewed before it is old, and one request at a time however many ask. */
export class CredentialCache {
  readonly #fetch: () => Promise<TurnCredentials>;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #held: Held | undefined;
  #running: Promise<TurnCredentials> | undefined;

  constructor(
    fetch: () => Promise<TurnCredentials>,
    { maxAgeMs = FIVE_MINUTES, now = Date.now }: CacheOptions = {},
  ) {
    this.#fetch = fetch;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  /** The credential at hand, or the next one. Rejects with what the fetching said when there is neither. */
  get(): Promise<TurnCredentials> {
    const now = this.#now();
    if (!this.#held || now >= this.#held.goodUntil) return this.#renew();
    // Whoever asks has a good one: that the next could not be had is for the next to say.
    if (now >= this.#held.freshUntil) this.#renew().catch(() => {});
    return Promise.resolve(this.#held.credentials);
  }

  /** Forgets what it holds, as after a 401. */
  drop(): void {
    this.#held = undefined;
  }

  #renew(): Promise<TurnCredentials> {
    this.#running ??= this.#load().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #load(): Promise<TurnCredentials> {
    const asked = this.#now();
    const credentials = checked(await this.#fetchPatiently());
    const usedMs = Math.min(this.#maxAgeMs, credentials.ttl * 1000);
    this.#held = { credentials, freshUntil: asked + usedMs * FRESH_PART, goodUntil: asked + usedMs };
    return credentials;
  }

  /** Once more, and once more: an application that has just woken up often has no network for a moment. */
  async #fetchPatiently(): Promise<TurnCredentials> {
    for (const waitMs of RETRY_AFTER_MS) {
      try {
        return await this.#fetch();
      } catch {
        await pause(waitMs);
      }
    }
    return this.#fetch();
  }
}

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

/** @throws {TypeError} for an answer of another shape */
function checked(answer: TurnCredentials): TurnCredentials {
  const { username, password, ttl, uris } = answer ?? {};
  const right =
    typeof username === 'string' &&
    typeof password === 'string' &&
    ttl > 0 &&
    Array.isArray(uris) &&
    uris.length > 0;
  if (!right) throw new TypeError('the credential endpoint answered without username, password, ttl or uris');
  return answer;
}
