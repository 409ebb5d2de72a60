import type { Pending } from '../net/exchange.ts';
import type { Clock } from '../net/net.ts';

/** Sum of the first three gaps of the schedule: when the fourth request goes out. */
const FOURTH_SEND_MS = 250 + 500 + 1000;

/**
 * How long to wait for an answer once the same listener has answered another request in `rttMs`. Path and server
 * are known to be up then, so that four requests without an answer are silence and not loss: where one packet in twenty
 * is lost each way, four exchanges in a row are lost once in 10 000 times; where it is one in ten, once in 800.
 */
export function silentAfterMs(rttMs: number): number {
  return Math.max(10 * rttMs, FOURTH_SEND_MS + Math.max(100, 3 * rttMs));
}

/** What the conversations with one listener know about its answers, so that none of them waits for what will not come. */
export class Patience {
  readonly #clock: Clock;
  readonly #rtts = new Map<string, number>();
  readonly #waiting = new Map<string, Set<(rttMs: number) => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A request to the listener was answered. */
  answered(listener: string, rttMs: number): void {
    const best = Math.min(rttMs, this.#rtts.get(listener) ?? rttMs);
    this.#rtts.set(listener, best);
    for (const shorten of this.#waiting.get(listener) ?? []) shorten(best);
  }

  /**
   * Shortens the wait for a request that has just been sent, now or as soon as the listener answers another one. Not once
   * the request was challenged: then the server is looking for the user, perhaps in a slow database.
   */
  limit(listener: string, pending: Pending): void {
    const startedAtMs = this.#clock.monotonic();
    const cancels: (() => void)[] = [];
    const giveUp = () => {
      if (!pending.challenged) pending.giveUpIn(0);
    };
    const shorten = (rttMs: number) => {
      const leftMs = startedAtMs + silentAfterMs(rttMs) - this.#clock.monotonic();
      cancels.push(this.#clock.schedule(Math.max(0, leftMs), giveUp));
    };
    const rttMs = this.#rtts.get(listener);
    if (rttMs !== undefined) shorten(rttMs);
    const waiting = this.#waiting.get(listener) ?? new Set();
    this.#waiting.set(listener, waiting.add(shorten));
    pending.result.then(() => {
      waiting.delete(shorten);
      for (const cancel of cancels) cancel();
    });
  }
}
