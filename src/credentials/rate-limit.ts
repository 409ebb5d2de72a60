/** At most `burst` at once, and `perMinute` in the long run. */
export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A flood of new keys must not grow the table; whoever was not seen for longest is forgotten first. */
const MOST_KEYS = 50_000;

/** Token buckets by key. `take` in milliseconds of any clock that does not go back. */
export class RateLimiter {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Takes one, or says after how many seconds there will be one; 0 when it was taken. */
  take(key: string, nowMs: number): number {
    const { perMinute, burst } = this.#rate;
    const known = this.#buckets.get(key);
    const earned = known ? ((nowMs - known.atMs) / 60_000) * perMinute : 0;
    const tokens = Math.min(burst, (known?.tokens ?? burst) + Math.max(0, earned));
    // Deleted first, so that the order of the map is that of the last use.
    this.#buckets.delete(key);
    if (this.#buckets.size >= MOST_KEYS) this.#forgetOldest();
    const enough = tokens >= 1;
    this.#buckets.set(key, { tokens: enough ? tokens - 1 : tokens, atMs: nowMs });
    return enough ? 0 : Math.max(1, Math.ceil(((1 - tokens) * 60) / perMinute));
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
