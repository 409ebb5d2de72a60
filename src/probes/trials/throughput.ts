import type { RateStep, TrialResults } from '../../model/observations/turn-trial.ts';
import { viewOf } from '../../stun/bytes.ts';
import { channelBind } from '../../turn/requests.ts';
import { ask } from '../conversation.ts';
import { listen } from '../delivery.ts';
import { type Relayed, withPeer } from './relayed.ts';
import { SPARE_CHANNEL } from './sizes.ts';
import {
  complete,
  lasting,
  type Outcome,
  pause,
  replyOf,
  skipped,
  type Trial,
  withAllocation,
} from './trial.ts';

/** Video of a browser. */
const SIZE_BYTES = 1000;
const FIRST_RATE = 250;
const MOST_LOSS = 0.01;
/** Packets go out in small bursts, because a timer is no finer. */
const BURST_MS = 5;
/** For what is under way when a step ends. */
const DRAIN_MS = 200;
/** Below this share of the rate asked for, it is this host that cannot send faster. */
const FAST_ENOUGH = 0.9;

/** Half a minute of a fast line at most, so that nobody's traffic is spent unawares. */
export const THROUGHPUT_BOUNDS = { mostMs: 10_000, mostBytes: 50_000_000, stepMs: 500 };

type Throughput = TrialResults['throughput'];

/** Doubles the rate to a peer of ours until more than one packet in a hundred is lost, or time or bytes are used up. */
export const throughput: Trial<'throughput'> = (to, given) => {
  const bounds = given.settings.relay?.throughput ?? THROUGHPUT_BOUNDS;
  const context = lasting(given, bounds.mostMs + 5000);
  return withAllocation<Throughput>(to, context, {}, held =>
    withPeer(to, context, held, async (relay): Promise<Outcome<Throughput>> => {
      const bind = await ask(channelBind(SPARE_CHANNEL, relay.seen), to, relay.exchange, context);
      if (replyOf(bind) !== 'granted') return skipped('no channel was bound');
      return complete({ sizeBytes: SIZE_BYTES, ...(await climb(relay, bounds)) });
    }),
  );
};

async function climb(
  relay: Relayed,
  { mostMs, mostBytes, stepMs }: typeof THROUGHPUT_BOUNDS,
): Promise<Pick<Throughput, 'steps' | 'stoppedBy'>> {
  const { clock, signal } = relay.context;
  const startMs = clock.monotonic();
  const steps: RateStep[] = [];
  for (let rate = FIRST_RATE; ; rate *= 2) {
    const bytes = steps.reduce((sum, { sent }) => sum + sent * SIZE_BYTES, 0);
    if (bytes + (rate * stepMs * SIZE_BYTES) / 1000 > mostBytes) return { steps, stoppedBy: 'bytes' };
    if (signal.aborted || clock.monotonic() + stepMs + DRAIN_MS - startMs > mostMs)
      return { steps, stoppedBy: 'time' };
    const step = await send(relay, rate, stepMs);
    steps.push(step);
    if (step.sent - step.received > step.sent * MOST_LOSS) return { steps, stoppedBy: 'loss' };
    if (step.sent < (rate * stepMs * FAST_ENOUGH) / 1000) return { steps, stoppedBy: 'sender' };
  }
}

async function send({ context, exchange, atPeer }: Relayed, rate: number, stepMs: number): Promise<RateStep> {
  const { clock } = context;
  const payload = new Uint8Array(SIZE_BYTES);
  viewOf(payload).setUint32(0, rate);
  let received = 0;
  const stop = listen(atPeer, bytes => {
    if (bytes.length === SIZE_BYTES && viewOf(bytes).getUint32(0) === rate) received += 1;
  });
  const startMs = clock.monotonic();
  let sent = 0;
  for (let elapsedMs = 0; elapsedMs < stepMs; elapsedMs = clock.monotonic() - startMs) {
    const due = Math.floor((rate * Math.min(stepMs, elapsedMs + BURST_MS)) / 1000);
    // A host that was busy catches up with no more than it would send in a burst of twice the length.
    const most = sent + Math.ceil((rate * 2 * BURST_MS) / 1000);
    for (; sent < Math.min(due, most); sent++) exchange.sendOnChannel(SPARE_CHANNEL, payload);
    if (!(await pause(context, BURST_MS))) break;
  }
  await pause(context, DRAIN_MS);
  stop();
  return { packetsPerSecond: rate, sent, received };
}
