/** What is known of the line: by the messages that were sent to and fro. */
export interface LineQuality {
  /** Of the last messages, the middle; null before the first came back. */
  readonly rttMs: number | null;
  /** Of those that had the time to come back, the part that did not, 0 to 1. */
  readonly loss: number | null;
  /** The last ones, null for those that were lost. */
  readonly recent: readonly (number | null)[];
}

/** Later than that is lost: nobody would wait for it in a conversation. */
const LOST_AFTER_MS = 2_000;
const RECENT = 60;

interface Sent {
  readonly atMs: number;
  rttMs: number | null;
}

/** Counts numbered messages out and home again. */
export class Line {
  readonly #sent: Sent[] = [];

  /** The number for the next message. */
  send(nowMs: number): number {
    return this.#sent.push({ atMs: nowMs, rttMs: null }) - 1;
  }

  /** That message has come back. */
  hear(number: number, nowMs: number): void {
    const sent = this.#sent[number];
    if (sent) sent.rttMs ??= nowMs - sent.atMs;
  }

  quality(nowMs: number): LineQuality {
    const decided = this.#sent.filter(({ atMs, rttMs }) => rttMs !== null || nowMs - atMs > LOST_AFTER_MS);
    const recent = decided.slice(-RECENT).map(({ rttMs }) => rttMs);
    const heard = recent.filter(rttMs => rttMs !== null).sort((a, b) => a - b);
    return {
      rttMs: heard[Math.floor(heard.length / 2)] ?? null,
      loss: decided.length === 0 ? null : decided.filter(isLost).length / decided.length,
      recent,
    };
  }
}

const isLost = ({ rttMs }: Sent): boolean => rttMs === null || rttMs > LOST_AFTER_MS;
