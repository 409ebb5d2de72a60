import type { Refused, Reply, TrialName, TrialResults } from '../../model/observations/turn-trial.ts';
import type { Failure } from '../../model/outcome.ts';
import type { Result } from '../../net/exchange.ts';
import type { AllocateOptions } from '../../turn/requests.ts';
import type { ProbeContext } from '../conversation.ts';
import type { Destination } from '../plan.ts';
import { type Attempt, attemptAllocation } from '../turn-allocate.ts';

/** What a trial came to, or why it came to nothing. */
export type Outcome<R> = { readonly outcome: 'complete'; readonly result: R } | Failure;

/** One trial, with 5-tuples of its own. */
export type Trial<T extends TrialName> = (
  to: Destination,
  context: ProbeContext,
) => Promise<Outcome<TrialResults[T]>>;

export const complete = <R>(result: R): Outcome<R> => ({ outcome: 'complete', result });

export const skipped = (reason: string): Failure => ({ outcome: 'skipped', reason });

export type Held = NonNullable<Attempt['held']>;

export type TrialAllocation = Parameters<typeof attemptAllocation>[2] & AllocateOptions;

/** Codes that speak of the credential, the server's load or another server, and not of what is tried. */
const BESIDE_THE_POINT: ReadonlySet<number> = new Set([300, 401, 438, 486]);

/** The reply of a request, whatever it carries. */
export function replyOf({ end }: Result): Reply {
  if ('outcome' in end) return null;
  return end.kind === 'succeeded' ? 'granted' : end.error.code;
}

/**
 * Allocates, has `use` do something with it, and gives it back whatever happens. An allocation that is refused for what it
 * asks is a result too.
 */
export async function tryAllocation<R>(
  to: Destination,
  context: ProbeContext,
  options: TrialAllocation,
  use: (held: Held) => Promise<Outcome<R>>,
): Promise<Outcome<R | Refused>> {
  const { observation, held, release } = await attemptAllocation(to, context, options);
  try {
    if (held) return await use(held);
    const { outcome } = observation;
    if (outcome === 'skipped') return skipped(observation.reason);
    if (outcome === 'challenged') return skipped('no credentials to allocate with');
    if (outcome === 'no-response') return complete({ refused: null });
    if (outcome !== 'error-response') return skipped(`no allocation: ${outcome}`);
    const { code } = observation;
    return BESIDE_THE_POINT.has(code) ? skipped(`no allocation: ${code}`) : complete({ refused: code });
  } finally {
    await release();
  }
}

/** The same for trials that need the allocation, and cannot be made without it. */
export async function withAllocation<R extends object>(
  to: Destination,
  context: ProbeContext,
  options: TrialAllocation,
  use: (held: Held) => Promise<Outcome<R>>,
): Promise<Outcome<R>> {
  const outcome = await tryAllocation(to, context, options, use);
  if (outcome.outcome !== 'complete') return outcome;
  const { result } = outcome;
  return 'refused' in result ? skipped(`no allocation: ${result.refused ?? 'silence'}`) : complete(result);
}

/** Waits; false when the run was interrupted meanwhile. */
export function pause({ clock, signal }: ProbeContext, ms: number): Promise<boolean> {
  return new Promise(resolve => {
    const end = (whole: boolean) => {
      cancel();
      signal.removeEventListener('abort', interrupt);
      resolve(whole);
    };
    const interrupt = () => end(false);
    const cancel = clock.schedule(Math.max(0, ms), () => end(true));
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
  });
}

/** The same context with so much time from now on: for trials that take longer than one request may. */
export const lasting = (context: ProbeContext, ms: number): ProbeContext => ({
  ...context,
  deadlineMs: context.clock.monotonic() + ms,
});
