import { setMaxListeners } from 'node:events';
import type { LoadAllocationsObservation, Percentiles, RampEnd } from '../model/observations/load.ts';
import type { Failure } from '../model/outcome.ts';
import type { Exchange } from '../net/exchange.ts';
import type { Granted } from '../turn/requests.ts';
import { Histogram } from '../util/histogram.ts';
import { type ProbeContext, remainingMs } from './conversation.ts';
import type { LoadSettings } from './load.ts';
import { Patience } from './patience.ts';
import type { Destination } from './plan.ts';
import { type Attempt, attemptAllocation } from './turn-allocate.ts';

/** An allocation that is held, with what it takes to use it. */
export interface HeldAllocation {
  readonly exchange: Exchange;
  readonly granted: Granted;
  release: Attempt['release'];
}

type Ramped = Omit<
  Extract<LoadAllocationsObservation, { outcome: 'complete' }>,
  'probe' | 'uri' | 'transport' | 'server' | 'stagesMs' | 'outcome' | 'released' | 'confirmed'
>;

/** How many are under way at once, in the first step and at most. */
const FIRST_AT_ONCE = 4;
const MOST_AT_ONCE = 64;
/** Allocations in a step, for each that is under way. */
const PER_SLOT = 4;
const PER_SLOT_AT_KNEE = 16;
/** What is allocated must be used and given back in the time, too. */
const RESERVED_MS = 2000;
/** How long one is waited for: what comes later is of no use to a call. */
const PATIENCE_MS = 3000;
/** In one step: now and then coturn leaves one without an answer, a server in trouble many. */
const MOST_UNANSWERED = 4;
/** For those under way when one was refused. */
const GRACE_MS = 500;
/** With a fresh port each. */
const MOST_TRIES = 5;

/** Sets up allocations, more at once from step to step, until something gives out. Whatever was set up is in `held`. */
export async function ramp(
  to: Destination,
  context: ProbeContext,
  { allocations, budgetMs }: LoadSettings,
): Promise<{ readonly held: readonly HeldAllocation[]; readonly result: Ramped | Failure }> {
  const held: HeldAllocation[] = [];
  const all = new Histogram();
  const steps: Ramped['steps'][number][] = [];
  let seconds = 0;
  let unanswered = 0;
  let end: { readonly by: RampEnd; readonly why?: string; readonly failure?: Failure } | undefined;
  while (end === undefined) {
    const atOnce = nextAtOnce(steps);
    const settled = steps.length > 1 && steps.at(-1)?.atOnce === atOnce;
    const most = Math.min(atOnce * (settled ? PER_SLOT_AT_KNEE : PER_SLOT), allocations - held.length);
    if (most <= 0) {
      end = { by: 'count' };
      break;
    }
    context.onEvent({ waitingFor: `allocation ${held.length + 1} of ${allocations}, ${atOnce} at once` });
    const step = await runStep({ to, context, held, all, atOnce, most });
    steps.push(step.measured);
    seconds += step.seconds;
    unanswered += step.unanswered;
    end = step.end ?? (step.measured.p95Ms > budgetMs ? { by: 'latency' } : undefined);
  }
  if (held.length === 0 && end.failure) return { held, result: end.failure };
  return {
    held,
    result: {
      allocated: held.length,
      perSecond: held.length / seconds,
      latencyMs: percentilesOf(all),
      steps,
      unanswered,
      endedBy: end.by,
      ...(end.why === undefined ? {} : { why: end.why }),
    },
  };
}

/** Twice as many as long as that is faster; then as many as were fastest, where the knee is. */
function nextAtOnce(steps: Ramped['steps']): number {
  const last = steps.at(-1);
  const [best] = [...steps].sort((a, b) => b.perSecond - a.perSecond);
  if (last === undefined || best === undefined) return FIRST_AT_ONCE;
  return last === best ? Math.min(2 * last.atOnce, MOST_AT_ONCE) : best.atOnce;
}

interface StepInput {
  readonly to: Destination;
  readonly context: ProbeContext;
  readonly held: HeldAllocation[];
  readonly all: Histogram;
  readonly atOnce: number;
  readonly most: number;
}

/** Keeps `atOnce` under way until `most` are done, or one fails. */
async function runStep({ to, context, held, all, atOnce, most }: StepInput) {
  const { clock, signal } = context;
  const before = held.length;
  const latencies = new Histogram();
  const startedAtMs = clock.monotonic();
  let begun = 0;
  let end: { by: RampEnd; why?: string; failure?: Failure } | undefined;
  let unanswered = 0;
  let cancelAbandon: (() => void) | undefined;
  let lastAtMs = startedAtMs;
  // Where one is refused, others may go unanswered for long: their end is hardly waited for.
  const abandoned = new AbortController();
  const within = { ...context, signal: AbortSignal.any([signal, abandoned.signal]) };
  setMaxListeners(0, within.signal);
  const finish = (why: NonNullable<typeof end>): void => {
    end ??= why;
    cancelAbandon ??= clock.schedule(GRACE_MS, () => abandoned.abort());
  };
  const work = async (): Promise<void> => {
    while (begun < most && end === undefined) {
      if (signal.aborted) finish({ by: 'interrupted' });
      else if (remainingMs(context) < RESERVED_MS) finish({ by: 'time' });
      if (end) return;
      begun += 1;
      const startMs = clock.monotonic();
      const attempt = await allocateAnew(to, contextOf(within));
      const tookUs = (clock.monotonic() - startMs) * 1000;
      if (attempt.held) {
        latencies.record(tookUs);
        all.record(tookUs);
        held.push({ ...attempt.held, release: attempt.release });
        lastAtMs = clock.monotonic();
      } else if (isUnanswered(attempt) && ++unanswered <= MOST_UNANSWERED) {
        await attempt.release();
      } else {
        finish(endOf(attempt));
        await attempt.release();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  cancelAbandon?.();
  const seconds = Math.max(1e-6, lastAtMs - startedAtMs) / 1000;
  const allocated = held.length - before;
  const measured = {
    atOnce,
    allocated,
    perSecond: allocated / seconds,
    p95Ms: latencies.percentile(95) / 1000,
  };
  return { measured, end, seconds, unanswered };
}

/** A port that the system gave us before may still be remembered by the server for a second: another one will do. */
async function allocateAnew(to: Destination, context: ProbeContext): Promise<Attempt> {
  for (let tries = 1; ; tries++) {
    const attempt = await attemptAllocation(to, context);
    const { observation } = attempt;
    const inUse = observation.outcome === 'error-response' && observation.code === 437;
    if (!inUse || tries === MOST_TRIES) return attempt;
    await attempt.release();
  }
}

/** Under load nobody may conclude from one answer how soon the next must come. */
const contextOf = (context: ProbeContext): ProbeContext => ({
  ...context,
  credential: context.anotherCredential?.() ?? context.credential,
  deadlineMs: Math.min(context.deadlineMs, context.clock.monotonic() + PATIENCE_MS),
  patience: new Patience(context.clock),
  onEvent: () => {},
});

const isUnanswered = ({ observation }: Attempt): boolean => observation.outcome === 'no-response';

function endOf({ observation }: Attempt): { by: RampEnd; why: string; failure?: Failure } {
  const { outcome } = observation;
  if (outcome === 'error-response') {
    const by = observation.code === 486 ? 'quota' : observation.code === 508 ? 'ports' : 'failure';
    return { by, why: `Allocate was answered with ${observation.code}`, failure: observation };
  }
  if (outcome === 'challenged') {
    const reason = 'no credentials to allocate with';
    return { by: 'failure', why: reason, failure: { outcome: 'skipped', reason } };
  }
  if (outcome === 'allocated') return { by: 'failure', why: 'the success response lacks an attribute' };
  if (outcome === 'skipped') return { by: 'interrupted', why: observation.reason };
  return { by: 'failure', why: whyFailed(observation), failure: observation };
}

/** Of a histogram of microseconds, in milliseconds. */
export const percentilesOf = (histogram: Histogram): Percentiles => ({
  p50: histogram.percentile(50) / 1000,
  p95: histogram.percentile(95) / 1000,
  p99: histogram.percentile(99) / 1000,
  max: histogram.max / 1000,
});

const whyFailed = (failure: Failure): string =>
  `an Allocate ended with ${failure.outcome}${'error' in failure ? `: ${failure.error}` : ''}`;
