import type { CallRecord, CallSide, TimelineEvent } from '../model/call-record.ts';
import type { ClientFact } from '../model/facts.ts';
import { duration } from '../util/duration.ts';

/** One browser's part in one call. */
export interface Part extends CallSide {
  readonly call: CallRecord;
  readonly side: 'caller' | 'callee';
}

/** Both sides of every call, in order. */
export const partsOf = ({ calls }: ClientFact): readonly Part[] =>
  calls.flatMap(call => (['caller', 'callee'] as const).map((side): Part => ({ ...call[side], call, side })));

/** The first event of that kind, and with those details where some are given. */
export const firstEvent = (
  { events }: CallSide,
  kind: string,
  details: Readonly<Record<string, unknown>> = {},
): TimelineEvent | undefined =>
  events.find(
    event => event.kind === kind && Object.entries(details).every(([name, value]) => event[name] === value),
  );

/** A relay candidate of its own. */
export const localRelay = (part: CallSide): TimelineEvent | undefined =>
  firstEvent(part, 'candidate', { side: 'local', type: 'relay' });

/** `first call, caller`. */
export const partName = ({ call, side }: Part): string =>
  `${call.ordinal === 1 ? 'first call' : `call ${call.ordinal}`}, ${side}`;

/** `offer sent at 3 ms, relay candidate at 76 ms`. */
export const atTimes = (
  ...steps: readonly (readonly [what: string, event: TimelineEvent | undefined])[]
): string =>
  steps.map(([what, event]) => (event ? `${what} at ${duration(event.atMs)}` : `no ${what}`)).join(', ');

export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly before: TimelineEvent | undefined;
  readonly after: TimelineEvent;
}

/** The longest time in which nothing happened: where the wait is. */
export function largestGap({ events }: CallSide): Gap | undefined {
  const gaps = events.map((after, index): Gap => {
    const before = events[index - 1];
    return { before, after, fromMs: before?.atMs ?? 0, toMs: after.atMs };
  });
  return gaps.reduce<Gap | undefined>(
    (longest, gap) => (longest && longest.toMs - longest.fromMs >= gap.toMs - gap.fromMs ? longest : gap),
    undefined,
  );
}

/** Timers of libwebrtc whose length names them (stun_request.cc, p2p_constants.cc). Half a second either way. */
const TIMERS: readonly { readonly ms: number; readonly name: string }[] = [
  { ms: 39_750, name: 'nine requests to a server that does not answer' },
  { ms: 30_000, name: 'a TLS handshake that is not answered' },
  { ms: 15_000, name: 'candidate pairs that are not answered' },
];

/** What browsers wait for in a gap of that length; undefined where no timer of theirs is as long. */
export const timerOf = (ms: number): string | undefined =>
  TIMERS.find(timer => Math.abs(timer.ms - ms) <= 500)?.name;
