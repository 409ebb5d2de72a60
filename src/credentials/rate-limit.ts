/** At most `burst` at once, and `perMinute` in the long run. */
export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

interface Bucket {
  /** What was not used, in the milliseconds it takes to earn. */
  creditMs: number;
  atMs: number;
}

/** A flood of new keys must not grow the table; whoever was not seen for longest is forgotten first. */
const MOST_KEYS = 50_000;

/** Token buckets by key. `take` in milliseconds of any clock that does not go back. */
export class RateLimiter {
  /** In which one request is earned. */
  readonly #costMs: number;
  readonly #mostMs: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ perMinute, burst }: Rate) {
    this.#costMs = 60_000 / perMinute;
    this.#mostMs = burst * this.#costMs;
  }

  /** Takes one, or says after how many seconds there will be one; 0 when it was taken. */
  take(key: string, nowMs: number): number {
    const known = this.#buckets.get(key);
    const earnedMs = known ? Math.max(0, nowMs - known.atMs) : this.#mostMs;
    const creditMs = Math.min(this.#mostMs, (known?.creditMs ?? 0) + earnedMs);
    // Deleted first, so that the order of the map is that of the last use.
    this.#buckets.delete(key);
    if (this.#buckets.size >= MOST_KEYS) this.#forgetOldest();
    const lackingMs = this.#costMs - creditMs;
    this.#buckets.set(key, { creditMs: lackingMs > 0 ? creditMs : -lackingMs, atMs: nowMs });
    return lackingMs > 0 ? Math.ceil(lackingMs / 1000) : 0;
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
