import { randomBytes } from 'node:crypto';
import type { LoadRelayObservation } from '../model/observations/load.ts';
import type { Failure } from '../model/outcome.ts';
import { encodeChannelData } from '../turn/channel-data.ts';
import { channelBind } from '../turn/requests.ts';
import { Histogram } from '../util/histogram.ts';
import { ask, type ProbeContext, remainingMs } from './conversation.ts';
import type { LoadSettings } from './load.ts';
import { type HeldAllocation, percentilesOf } from './load-ramp.ts';
import type { Destination } from './plan.ts';

type Relayed = Omit<
  Extract<LoadRelayObservation, { outcome: 'complete' }>,
  'probe' | 'uri' | 'transport' | 'server' | 'stagesMs'
>;

const CHANNEL = 0x4000;
/** Messages of one sender under way: enough to keep the server busy, too few to overrun a socket buffer. */
const WINDOW = 8;
/** A message that takes longer has lost its place in the window; when it comes after all, it still counts. */
const LATE_MS = 250;
/** How long stragglers are waited for. */
const DRAIN_MS = 1000;

/** Has each allocation send to its partner through both relayed addresses, as fast as messages arrive. */
export async function relayLoad(
  held: readonly HeldAllocation[],
  to: Destination,
  context: ProbeContext,
  settings: LoadSettings,
): Promise<Relayed | Failure> {
  const chosen = held.slice(0, Math.min(held.length, settings.senders) & ~1);
  const partners = chosen.map((_, index) => chosen[index ^ 1] as HeldAllocation);
  context.onEvent({ waitingFor: `${chosen.length} channels` });
  const bound = await Promise.all(
    chosen.map(({ exchange }, index) => {
      const peer = (partners[index] as HeldAllocation).granted.relayedAddresses[0];
      return ask(channelBind(CHANNEL, peer), to, exchange, { ...context, onEvent: () => {} });
    }),
  );
  const refused = bound.map(({ end }) => end).find(end => !('response' in end) || end.kind !== 'succeeded');
  if (refused) {
    if ('outcome' in refused) return refused;
    return refused.kind === 'failed'
      ? { outcome: 'error-response', ...refused.error }
      : { outcome: 'skipped', reason: 'no channel' };
  }
  context.onEvent({ waitingFor: `messages of ${chosen.length} allocations to one another` });
  return new RelayRun(chosen, context, settings).run();
}

/** One sender: the frame of each place in its window, written once and numbered anew for each message. */
interface Sender {
  readonly send: (bytes: Uint8Array) => void;
  readonly frames: readonly Buffer[];
  /** The message in each place; -1 for none. */
  readonly numbers: Int32Array;
}

/** The messages of a run. What happens for each of them is kept short: everything is made before the first. */
class RelayRun {
  readonly #context: ProbeContext;
  readonly #settings: LoadSettings;
  readonly #senders: readonly Sender[];
  readonly #token = randomBytes(4).readUInt32BE(0);
  /** By message number: when it was sent, and whether it has come. */
  readonly #sentAtMs: Float64Array;
  readonly #arrived: Uint8Array;
  /** By message number, its sender and place in the window: `sender * WINDOW + place`. */
  readonly #places: Uint32Array;
  readonly #latencies = new Histogram();
  #sent = 0;
  #delivered = 0;
  #duplicates = 0;
  #lastArrivalMs = 0;
  #sending = true;
  #finish: () => void = () => {};

  constructor(held: readonly HeldAllocation[], context: ProbeContext, settings: LoadSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#sentAtMs = new Float64Array(settings.packets);
    this.#arrived = new Uint8Array(settings.packets);
    this.#places = new Uint32Array(settings.packets);
    this.#senders = held.map(({ exchange }) => {
      exchange.onChannelData = bytes => this.#receive(bytes);
      return {
        send: bytes => exchange.channel.send(bytes),
        frames: Array.from({ length: WINDOW }, () => this.#frame()),
        numbers: new Int32Array(WINDOW).fill(-1),
      };
    });
  }

  async run(): Promise<Relayed> {
    const { clock, signal } = this.#context;
    const startedAtMs = clock.monotonic();
    const durationMs = Math.min(this.#settings.durationMs, remainingMs(this.#context) - DRAIN_MS);
    const done = new Promise<void>(resolve => {
      this.#finish = resolve;
    });
    const stop = () => this.#stop();
    const cancelStop = clock.schedule(Math.max(0, durationMs), stop);
    signal.addEventListener('abort', stop, { once: true });
    let cancelSweep = this.#sweepLater();
    const resweep = () => {
      cancelSweep();
      cancelSweep = this.#sweepLater();
    };
    this.#afterSweep = resweep;
    for (let place = 0; place < WINDOW; place++) {
      for (let sender = 0; sender < this.#senders.length; sender++) this.#send(sender, place);
    }
    await done;
    cancelStop();
    cancelSweep();
    signal.removeEventListener('abort', stop);
    return this.#result(startedAtMs);
  }

  #afterSweep: () => void = () => {};

  /** Token and number are the first eight bytes of the payload. */
  #frame(): Buffer {
    const data = Buffer.alloc(this.#settings.sizeBytes);
    data.writeUInt32BE(this.#token, 0);
    return Buffer.from(encodeChannelData({ channel: CHANNEL, data }, 'datagram'));
  }

  #send(sender: number, place: number): void {
    if (!this.#sending) return;
    const number = this.#sent;
    if (number === this.#settings.packets) {
      this.#stop();
      return;
    }
    this.#sent = number + 1;
    const { send, frames, numbers } = this.#senders[sender] as Sender;
    const frame = frames[place] as Buffer;
    frame.writeUInt32BE(number, 8);
    numbers[place] = number;
    this.#places[number] = sender * WINDOW + place;
    this.#sentAtMs[number] = this.#context.clock.monotonic();
    send(frame);
  }

  #receive(bytes: Uint8Array): void {
    if (bytes.length < 12) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const number = view.getUint32(8);
    if (view.getUint32(4) !== this.#token || number >= this.#sent) return;
    if (this.#arrived[number] === 1) {
      this.#duplicates += 1;
      return;
    }
    this.#arrived[number] = 1;
    this.#delivered += 1;
    const now = this.#context.clock.monotonic();
    this.#lastArrivalMs = now;
    this.#latencies.record((now - (this.#sentAtMs[number] as number)) * 1000);
    const at = this.#places[number] as number;
    const [sender, place] = [Math.floor(at / WINDOW), at % WINDOW];
    // A late one has given its place to another.
    if ((this.#senders[sender] as Sender).numbers[place] === number) this.#send(sender, place);
    if (!this.#sending && this.#delivered === this.#sent) this.#finish();
  }

  /** No more is sent; what is under way may still come. */
  #stop(): void {
    if (!this.#sending) return;
    this.#sending = false;
    if (this.#delivered === this.#sent) this.#finish();
    else this.#context.clock.schedule(this.#context.signal.aborted ? 0 : DRAIN_MS, () => this.#finish());
  }

  /** Gives the places of what is late to new messages: a lost one must not stop its sender. */
  #sweepLater(): () => void {
    return this.#context.clock.schedule(LATE_MS, () => {
      const before = this.#context.clock.monotonic() - LATE_MS;
      this.#senders.forEach(({ numbers }, sender) => {
        numbers.forEach((number, place) => {
          const sentAtMs = this.#sentAtMs[number] ?? before;
          if (this.#arrived[number] === 0 && sentAtMs < before) this.#send(sender, place);
        });
      });
      this.#afterSweep();
    });
  }

  #result(startedAtMs: number): Relayed {
    const lastedMs = Math.max(0.001, this.#lastArrivalMs - startedAtMs);
    const messagesPerSecond = (this.#delivered / lastedMs) * 1000;
    return {
      outcome: 'complete',
      senders: this.#senders.length,
      sizeBytes: this.#settings.sizeBytes,
      sent: this.#sent,
      delivered: this.#delivered,
      lost: this.#sent - this.#delivered,
      duplicates: this.#duplicates,
      lastedMs,
      messagesPerSecond,
      relayedPerSecond: 2 * messagesPerSecond,
      latencyMs: percentilesOf(this.#latencies),
    };
  }
}
