import type { TrialResults } from '../../model/observations/turn-trial.ts';
import type { PeerData } from '../../net/exchange.ts';
import { viewOf } from '../../stun/bytes.ts';
import { listen } from '../delivery.ts';
import { jitterOf, roundTrips, type SeriesSettings } from '../stun-series.ts';
import type { Relayed, SharedTrial } from './relayed.ts';
import { complete, pause } from './trial.ts';

/** Fifty packets a second is a voice call; half a second of it tells of a path that loses much. */
const DEFAULTS: SeriesSettings = { count: 25, intervalMs: 20 };
/** A voice packet of 20 ms with its header. */
const SIZE_BYTES = 172;
/** What comes later than this after the last packet counts as lost. */
const LAST_WAIT_MS = 1000;

type Series = TrialResults['relay-series'];

/** Packets to a peer of ours and back, each sent once. It takes as long as its packets, beyond the deadline. */
export const relaySeries: SharedTrial<'relay-series'> = async relay => {
  const { count, intervalMs } = relay.context.settings.series ?? DEFAULTS;
  return complete(await new Echoes(relay, intervalMs).run(count));
};

class Echoes {
  readonly #relay: Relayed;
  readonly #intervalMs: number;
  readonly #sentAtMs: number[] = [];
  readonly #rttsMs: (number | undefined)[] = [];
  readonly #atPeer = new Set<number>();
  #latest = -1;
  #duplicates = 0;
  #reordered = 0;
  #allBack = () => {};
  #count = Number.POSITIVE_INFINITY;

  constructor(relay: Relayed, intervalMs: number) {
    this.#relay = relay;
    this.#intervalMs = intervalMs;
  }

  async run(count: number): Promise<Series> {
    const { context, socket, relayed, atPeer, fromRelay } = this.#relay;
    const stops = [
      listen(atPeer, bytes => {
        const index = indexOf(bytes);
        if (index === undefined) return;
        this.#atPeer.add(index);
        socket.send(bytes, relayed);
      }),
      listen(fromRelay, data => this.#take(data)),
    ];
    const back = new Promise<void>(resolve => {
      this.#allBack = resolve;
    });
    this.#count = count;
    const startMs = context.clock.monotonic();
    for (let index = 0; index < count; index++) {
      this.#send(index);
      // By the clock and not by the last packet, so that the interval holds on a busy machine.
      const dueMs = startMs + (index + 1) * this.#intervalMs - context.clock.monotonic();
      if (index + 1 < count && !(await pause(context, dueMs))) break;
    }
    if (this.#rttsMs.includes(undefined)) await Promise.race([back, pause(context, LAST_WAIT_MS)]);
    for (const stop of stops) stop();
    return this.#summary();
  }

  #send(index: number): void {
    const { context, exchange, seen } = this.#relay;
    const payload = new Uint8Array(SIZE_BYTES);
    viewOf(payload).setUint32(0, MARK);
    viewOf(payload).setUint32(4, index);
    this.#sentAtMs.push(context.clock.monotonic());
    this.#rttsMs.push(undefined);
    exchange.sendTo(seen, payload);
  }

  #take({ data }: PeerData): void {
    const index = indexOf(data);
    if (index === undefined) return;
    if (this.#rttsMs[index] !== undefined) {
      this.#duplicates += 1;
      return;
    }
    this.#rttsMs[index] = this.#relay.context.clock.monotonic() - this.#sentAtMs[index]!;
    if (index < this.#latest) this.#reordered += 1;
    this.#latest = Math.max(this.#latest, index);
    const complete = this.#rttsMs.length === this.#count && !this.#rttsMs.includes(undefined);
    if (complete) this.#allBack();
  }

  #summary(): Series {
    const rtts = this.#rttsMs.filter(rtt => rtt !== undefined);
    const counts = {
      intervalMs: this.#intervalMs,
      sizeBytes: SIZE_BYTES,
      sent: this.#sentAtMs.length,
      reachedPeer: this.#atPeer.size,
      received: rtts.length,
      duplicates: this.#duplicates,
      reordered: this.#reordered,
    };
    if (rtts.length === 0) return counts;
    return { ...counts, rttMs: roundTrips(rtts), jitterMs: jitterOf(rtts) };
  }
}

/** In front of each packet, so that late ones of other trials are not counted. */
const MARK = 0x7475726e;

function indexOf(bytes: Uint8Array): number | undefined {
  if (bytes.length !== SIZE_BYTES || viewOf(bytes).getUint32(0) !== MARK) return undefined;
  return viewOf(bytes).getUint32(4);
}
