import type { Leg } from '../model/observations/turn-data-path.ts';
import type { Result } from '../net/exchange.ts';
import { listenerOf, type ProbeContext, remainingMs } from './conversation.ts';
import type { Destination } from './plan.ts';

/** Data may get lost on the way: it is sent four times before it counts as lost for good. */
const RESEND_AT_MS = [0, 100, 300, 700];
const LOST_AFTER_MS = 1200;

/** Where requests had to be sent again it is sent so often: at 30 % loss each way one of 24 gets through for sure. */
const RESEND_WHERE_LOSSY_MS = 100;
const LOST_WHERE_LOSSY_AFTER_MS = 2400;

/** With less time left, a leg that fails would say nothing. */
const TOO_LATE_MS = 100;

/** A leg that was not walked, and why. */
export const skip = (reason: string): Leg => ({ outcome: 'skipped', reason });

/** What a request came to, as a leg. */
export const legOf = ({ end }: Result): Leg => {
  if ('outcome' in end) {
    const waited = end.outcome === 'no-response' ? end : { waitedMs: 0, requestsSent: 1 };
    return end.outcome === 'skipped'
      ? skip(end.reason)
      : { outcome: 'lost', waitedMs: waited.waitedMs, sent: waited.requestsSent };
  }
  return end.kind === 'succeeded'
    ? { outcome: 'passed', ms: end.elapsedMs }
    : { outcome: 'refused', ...end.error };
};

/** Sends until it arrived or time is up. `listenFor` returns how to stop listening. */
export function deliver(
  to: Destination,
  context: ProbeContext,
  send: () => void,
  listenFor: (arrived: () => void) => () => void,
  { resendAtMs = RESEND_AT_MS, lostAfterMs = LOST_AFTER_MS } = {},
): Promise<Leg> {
  const { clock, patience, signal } = context;
  if (signal.aborted) return Promise.resolve(skip('interrupted'));
  const start = clock.monotonic();
  const leftMs = remainingMs(context);
  if (leftMs < TOO_LATE_MS) return Promise.resolve(skip('time ran out'));
  const limitMs = Math.min(lostAfterMs, leftMs);
  let sent = 0;
  return new Promise(resolve => {
    const end = (leg: Leg) => {
      for (const cancel of cancels) cancel();
      signal.removeEventListener('abort', interrupt);
      resolve(leg);
    };
    const elapsedMs = () => clock.monotonic() - start;
    const interrupt = () => end(skip('interrupted'));
    const cancels = [listenFor(() => end({ outcome: 'passed', ms: elapsedMs() }))];
    signal.addEventListener('abort', interrupt, { once: true });
    const transmit = () => {
      sent += 1;
      send();
    };
    transmit();
    for (const at of resendAtMs.slice(1)) if (at < limitMs) cancels.push(clock.schedule(at, transmit));
    const lost = () => end({ outcome: 'lost', waitedMs: elapsedMs(), sent });
    // Other conversations with the server may show at any time that packets are lost on the path.
    const insists = () => lostAfterMs >= LOST_AFTER_MS && patience.isLossy(listenerOf(to));
    const insist = () => {
      if (insists()) transmit();
      cancels.push(clock.schedule(RESEND_WHERE_LOSSY_MS, insist));
    };
    cancels.push(clock.schedule(RESEND_WHERE_LOSSY_MS, insist));
    cancels.push(clock.schedule(limitMs, () => insists() || lost()));
    cancels.push(clock.schedule(Math.max(limitMs, Math.min(LOST_WHERE_LOSSY_AFTER_MS, leftMs)), lost));
  });
}

/** Adds a listener; returns how to take it off. */
export function listen<T>(listeners: T[], listener: T): () => void {
  listeners.push(listener);
  return () => void listeners.splice(listeners.indexOf(listener), 1);
}
