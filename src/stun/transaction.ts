import { attribute } from './attributes.ts';
import { equalBytes } from './bytes.ts';
import { decode, type EncodeOptions, encode, type StunMessage } from './message.ts';
import type { RetransmissionSchedule } from './retransmission.ts';

/** What to do now. Times are those of the caller's clock, in milliseconds. */
export type TransactionStep =
  /** Send these bytes (the same every time), and call `onTime` at `wakeAtMs` unless an answer comes before. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly wakeAtMs: number }
  | { readonly kind: 'wait'; readonly wakeAtMs: number }
  | {
      readonly kind: 'done';
      readonly response: StunMessage;
      /** 1 when nothing was lost. */
      readonly requestsSent: number;
      /** Since the first send. */
      readonly elapsedMs: number;
    }
  | {
      readonly kind: 'timed-out';
      readonly requestsSent: number;
      readonly waitedMs: number;
      /** Answers that were not ours, and why. */
      readonly rejected: readonly string[];
    }
  /** These bytes are no answer to this request; the wait goes on. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly wakeAtMs: number };

/** Kept for the report; a flood of wrong answers must not grow it. */
const MAX_REJECTIONS = 8;

/** One request and its answer, without I/O: bytes and time in, bytes and outcome out (RFC 8489 §6). */
export class Transaction {
  readonly request: StunMessage;
  readonly #bytes: Uint8Array;
  readonly #schedule: RetransmissionSchedule;
  readonly #rejected: string[] = [];
  #startedAtMs = 0;
  #requestsSent = 0;
  #settled: TransactionStep | undefined;

  /** Use `sentOnce()` as the schedule over TCP and TLS, where nothing is sent again. */
  constructor(request: StunMessage, schedule: RetransmissionSchedule, options: EncodeOptions = {}) {
    this.request = request;
    this.#schedule = schedule;
    this.#bytes = encode(request, options);
  }

  get requestsSent(): number {
    return this.#requestsSent;
  }

  start(nowMs: number): TransactionStep {
    this.#startedAtMs = nowMs;
    return this.#send();
  }

  /** Sends again or gives up when it is time to; harmless when called early or late. */
  onTime(nowMs: number): TransactionStep {
    if (this.#settled) return this.#settled;
    const elapsedMs = nowMs - this.#startedAtMs;
    if (elapsedMs >= this.#schedule.giveUpAtMs) return this.giveUp(nowMs);
    const nextSend = this.#schedule.sendAtMs[this.#requestsSent];
    if (nextSend !== undefined && elapsedMs >= nextSend) return this.#send();
    return { kind: 'wait', wakeAtMs: this.#wakeAtMs };
  }

  /** Times out now, whatever the schedule says. */
  giveUp(nowMs: number): TransactionStep {
    if (this.#settled) return this.#settled;
    return this.#settle({
      kind: 'timed-out',
      requestsSent: this.#requestsSent,
      waitedMs: nowMs - this.#startedAtMs,
      rejected: this.#rejected,
    });
  }

  /** For a whole datagram, or a whole frame of a stream. */
  onBytes(bytes: Uint8Array, nowMs: number): TransactionStep {
    const decoded = decode(bytes);
    return 'malformed' in decoded ? this.#reject(decoded.malformed) : this.onMessage(decoded.message, nowMs);
  }

  onMessage(message: StunMessage, nowMs: number): TransactionStep {
    if (this.#settled) return this.#settled;
    const reason = this.#mismatch(message);
    if (reason) return this.#reject(reason);
    return this.#settle({
      kind: 'done',
      response: message,
      requestsSent: this.#requestsSent,
      elapsedMs: nowMs - this.#startedAtMs,
    });
  }

  /** Why a message is no answer to this request, or undefined when it is. */
  #mismatch(message: StunMessage): string | undefined {
    const { class: messageClass, method, transactionId } = message;
    if (messageClass === 'request' || messageClass === 'indication') {
      return `the class is ${messageClass}, not success or error`;
    }
    if (!equalBytes(transactionId, this.request.transactionId))
      return 'the transaction id is not that of the request';
    if (method !== this.request.method) return `the method is ${method}, not ${this.request.method}`;
    if (messageClass === 'error' && !attribute(message, 'ERROR-CODE'))
      return 'the error response has no ERROR-CODE';
    return undefined;
  }

  #reject(reason: string): TransactionStep {
    if (this.#settled) return this.#settled;
    if (this.#rejected.length < MAX_REJECTIONS) this.#rejected.push(reason);
    return { kind: 'rejected', reason, wakeAtMs: this.#wakeAtMs };
  }

  #send(): TransactionStep {
    this.#requestsSent += 1;
    return { kind: 'send', bytes: this.#bytes, wakeAtMs: this.#wakeAtMs };
  }

  #settle(step: TransactionStep): TransactionStep {
    this.#settled = step;
    return step;
  }

  get #wakeAtMs(): number {
    const { sendAtMs, giveUpAtMs } = this.#schedule;
    return this.#startedAtMs + Math.min(sendAtMs[this.#requestsSent] ?? giveUpAtMs, giveUpAtMs);
  }
}
