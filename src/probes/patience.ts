import type { Failure } from '../model/outcome.ts';
import type { Pending, Result } from '../net/exchange.ts';
import type { Clock } from '../net/net.ts';

/** Sum of the first three gaps of the schedule: when the fourth request goes out. */
const FOURTH_SEND_MS = 250 + 500 + 1000;

/** With so many answers, each to the first sending, hardly anything is lost on the path. */
const ENOUGH_ANSWERS = 4;

/**
 * How long to wait for an answer once the same listener has answered others in `rttMs`, and lost none of them. Path and
 * server are known to be up then, so that four requests without an answer are silence and not loss: where one packet in
 * twenty is lost each way, four exchanges in a row are lost once in 10 000 times. Once loss was seen, nothing is cut short.
 */
export function silentAfterMs(rttMs: number): number {
  return Math.max(10 * rttMs, FOURTH_SEND_MS + Math.max(100, 3 * rttMs));
}

/** What is known of one listener. */
interface Acquaintance {
  rttMs: number;
  answers: number;
  lossy: boolean;
  /** The first ICMP error that came for it. */
  icmp: Failure | undefined;
  readonly waiting: Set<() => void>;
}

/** What the conversations with one listener know about its answers, so that none of them waits for what will not come. */
export class Patience {
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Acquaintance>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A request to the listener was answered; `requestsSent` over UDP alone, for a stream loses nothing. */
  answered(listener: string, rttMs: number, requestsSent?: number): void {
    const known = this.#known(listener);
    known.rttMs = Math.min(known.rttMs, rttMs);
    known.answers += requestsSent === undefined ? ENOUGH_ANSWERS : 1;
    known.lossy ||= (requestsSent ?? 1) > 1;
    for (const reconsider of known.waiting) reconsider();
  }

  /**
   * How a request to the listener ended, in the light of the others. A host sends few ICMP errors (Linux to one address six,
   * then one a second), so of the requests side by side only some are refused: where nothing ever answers and one was
   * refused, the silence of the others is that refusal too.
   */
  judge(listener: string, end: Result['end']): Result['end'] {
    if (!('outcome' in end)) return end;
    const known = this.#known(listener);
    if (end.outcome === 'refused' || end.outcome === 'unreachable') known.icmp ??= end;
    return end.outcome === 'no-response' && known.answers === 0 ? (known.icmp ?? end) : end;
  }

  /** Whether something had to be sent more than once before it was answered. */
  isLossy(listener: string): boolean {
    return this.#known(listener).lossy;
  }

  /**
   * Shortens the wait for a request that has just been sent, now or as soon as the listener answers others. Not once
   * the request was challenged: then the server is looking for the user, perhaps in a slow database.
   */
  limit(listener: string, pending: Pending): void {
    const known = this.#known(listener);
    const startedAtMs = this.#clock.monotonic();
    let cancel = () => {};
    const giveUp = () => {
      if (!pending.challenged) pending.giveUpIn(0);
    };
    const reconsider = () => {
      cancel();
      if (known.lossy || known.answers < ENOUGH_ANSWERS) return;
      const leftMs = startedAtMs + silentAfterMs(known.rttMs) - this.#clock.monotonic();
      cancel = this.#clock.schedule(Math.max(0, leftMs), giveUp);
    };
    reconsider();
    known.waiting.add(reconsider);
    pending.result.then(() => {
      known.waiting.delete(reconsider);
      cancel();
    });
  }

  #known(listener: string): Acquaintance {
    const fresh = {
      rttMs: Number.POSITIVE_INFINITY,
      answers: 0,
      lossy: false,
      icmp: undefined,
      waiting: new Set<() => void>(),
    };
    const known = this.#listeners.get(listener) ?? fresh;
    this.#listeners.set(listener, known);
    return known;
  }
}
