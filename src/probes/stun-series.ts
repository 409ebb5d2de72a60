import { randomBytes } from 'node:crypto';
import type { SeriesObservation } from '../model/observations/stun-series.ts';
import type { Failure } from '../model/outcome.ts';
import type { Channel } from '../net/net.ts';
import { decode, encode, TRANSACTION_ID_SIZE } from '../stun/message.ts';
import { StreamFramer } from '../turn/framing.ts';
import { percentile } from '../util/percentile.ts';
import { baseOf, listenerOf, type Probe, type ProbeContext } from './conversation.ts';

type Complete = Extract<SeriesObservation, { outcome: 'complete' }>;
type Summary = Omit<Complete, 'probe' | 'uri' | 'transport' | 'server' | 'stagesMs'>;

export interface SeriesSettings {
  readonly count: number;
  readonly intervalMs: number;
}

const DEFAULTS: SeriesSettings = { count: 20, intervalMs: 100 };

/** What comes later than this after the last request counts as lost. */
const LAST_WAIT_MS = 2000;

/** Many Binding requests over one 5-tuple, none of them sent twice. It takes as long as its requests, beyond the deadline. */
export const probeSeries: Probe<SeriesObservation> = async (to, context) => {
  const base = { probe: 'stun-series' as const, ...baseOf(to) };
  const { net, clock, signal, settings, deadlineMs, onEvent } = context;
  const { transport } = to.uri;
  const timeoutMs = Math.max(1, deadlineMs - clock.monotonic());
  const opening = await net.open({ transport, server: to.server, name: to.uri.host, timeoutMs, signal });
  if ('failure' in opening) return { ...base, stagesMs: opening.stagesMs, ...opening.failure };
  const series = new Series(opening.channel, context, settings.series ?? DEFAULTS, sent =>
    onEvent({ waitingFor: `Binding ${sent} from ${listenerOf(to)}` }),
  );
  try {
    return { ...base, stagesMs: opening.stagesMs, ...(await series.run()) };
  } finally {
    opening.channel.close();
  }
};

class Series {
  readonly #channel: Channel;
  readonly #context: ProbeContext;
  readonly #settings: SeriesSettings;
  readonly #onSend: (sent: number) => void;
  /** When each request was sent, and its round trip once it was answered; by the order of sending. */
  readonly #sentAtMs: number[] = [];
  readonly #rttsMs: (number | undefined)[] = [];
  readonly #indexes = new Map<string, number>();
  #duplicates = 0;
  #reordered = 0;
  #latest = -1;
  #failure: Failure | undefined;
  #cancel = () => {};
  #end = () => {};

  constructor(
    channel: Channel,
    context: ProbeContext,
    settings: SeriesSettings,
    onSend: (sent: number) => void,
  ) {
    this.#channel = channel;
    this.#context = context;
    this.#settings = settings;
    this.#onSend = onSend;
  }

  async run(): Promise<Summary | Failure> {
    const { signal } = this.#context;
    const framer = this.#channel.transport === 'udp' ? undefined : new StreamFramer();
    const ended = new Promise<void>(resolve => {
      this.#end = resolve;
    });
    const interrupt = () => this.#fail({ outcome: 'skipped', reason: 'interrupted' });
    signal.addEventListener('abort', interrupt, { once: true });
    this.#channel.receive({
      bytes: bytes => {
        for (const frame of framer?.push(bytes) ?? [{ kind: 'stun' as const, bytes }]) {
          if (frame.kind === 'junk') this.#fail({ outcome: 'invalid-response', problem: frame.problem });
          else this.#take(frame.bytes);
        }
      },
      // One ICMP error among answers is a lost packet like others.
      failed: failure => (this.#rttsMs.some(Number.isFinite) && framer === undefined) || this.#fail(failure),
    });
    if (signal.aborted) interrupt();
    else this.#next(this.#context.clock.monotonic());
    await ended;
    this.#cancel();
    signal.removeEventListener('abort', interrupt);
    return this.#failure ?? this.#summary();
  }

  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#end();
  }

  #next(startMs: number): void {
    const { clock, deadlineMs } = this.#context;
    const { count, intervalMs } = this.#settings;
    if (this.#failure) return;
    const heard = this.#latest >= 0;
    if (!heard && clock.monotonic() >= deadlineMs) {
      this.#end();
      return;
    }
    const sent = this.#sentAtMs.length;
    if (sent === count) {
      const waitMs = heard ? LAST_WAIT_MS : Math.max(1, deadlineMs - clock.monotonic());
      this.#cancel = clock.schedule(waitMs, this.#end);
      return;
    }
    this.#send(sent);
    // By the clock and not by the last request, so that the interval holds on a busy machine.
    const dueMs = startMs + (sent + 1) * intervalMs - clock.monotonic();
    this.#cancel = clock.schedule(Math.max(0, dueMs), () => this.#next(startMs));
  }

  #send(index: number): void {
    const transactionId = randomBytes(TRANSACTION_ID_SIZE);
    this.#indexes.set(transactionId.toString('hex'), index);
    this.#sentAtMs.push(this.#context.clock.monotonic());
    this.#rttsMs.push(undefined);
    const request = { class: 'request', method: 'binding', transactionId, attributes: [] } as const;
    this.#channel.send(encode(request, { fingerprint: true }));
    this.#onSend(index + 1);
  }

  #take(bytes: Uint8Array): void {
    const decoded = decode(bytes);
    if ('malformed' in decoded) return;
    const { message } = decoded;
    const index = this.#indexes.get(Buffer.from(message.transactionId).toString('hex'));
    if (index === undefined || message.class !== 'success') return;
    if (this.#rttsMs[index] !== undefined) {
      this.#duplicates += 1;
      return;
    }
    this.#rttsMs[index] = this.#context.clock.monotonic() - this.#sentAtMs[index]!;
    if (index < this.#latest) this.#reordered += 1;
    this.#latest = Math.max(this.#latest, index);
    const complete = this.#rttsMs.length === this.#settings.count && !this.#rttsMs.includes(undefined);
    if (complete) this.#end();
  }

  #summary(): Summary | Failure {
    const { clock } = this.#context;
    const rtts = this.#rttsMs.filter(rtt => rtt !== undefined);
    const sent = this.#sentAtMs.length;
    if (rtts.length === 0) {
      const waitedMs = clock.monotonic() - (this.#sentAtMs[0] ?? clock.monotonic());
      return { outcome: 'no-response', requestsSent: sent, waitedMs };
    }
    return {
      outcome: 'complete',
      intervalMs: this.#settings.intervalMs,
      sent,
      received: rtts.length,
      duplicates: this.#duplicates,
      reordered: this.#reordered,
      longestGap: longestGap(this.#rttsMs),
      unansweredAtEnd: sent - 1 - this.#latest,
      rttMs: roundTrips(rtts),
      jitterMs: jitterOf(rtts),
    };
  }
}

function longestGap(rttsMs: readonly (number | undefined)[]): number {
  let longest = 0;
  let run = 0;
  for (const rtt of rttsMs) {
    run = rtt === undefined ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** J += (|D| - J) / 16, RFC 3550 §6.4.1. */
export function jitterOf(rttsMs: readonly number[]): number {
  return rttsMs
    .slice(1)
    .reduce((jitter, rtt, index) => jitter + (Math.abs(rtt - rttsMs[index]!) - jitter) / 16, 0);
}

/** What a series of round trips comes to; of one at least. */
export const roundTrips = (rttsMs: readonly number[]): Complete['rttMs'] => ({
  min: Math.min(...rttsMs),
  median: percentile(rttsMs, 0.5) ?? 0,
  p95: percentile(rttsMs, 0.95) ?? 0,
  p99: percentile(rttsMs, 0.99) ?? 0,
  max: Math.max(...rttsMs),
});
