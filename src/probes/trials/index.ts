import type { TrialName, TrialObservation } from '../../model/observations/turn-trial.ts';
import type { Failure } from '../../model/outcome.ts';
import { baseOf, type ProbeContext } from '../conversation.ts';
import type { Destination } from '../plan.ts';
import { bothFamilies, dontFragment, ipv6Relay } from './allocate-options.ts';
import { challenge, staleNonce } from './challenge.ts';
import { evenPort } from './even-port.ts';
import { icmp } from './icmp.ts';
import { channelLife, permissionLife } from './life.ts';
import { deletion, lifetimes } from './lifetimes.ts';
import { mobility } from './mobility.ts';
import { channelRange, familyMismatch } from './peer-requests.ts';
import { quota } from './quota.ts';
import { reflection } from './reflection.ts';
import { relaySeries } from './relay-series.ts';
import { relayToRelay } from './relay-to-relay.ts';
import { type Relayed, type SharedTrial, withPeer } from './relayed.ts';
import { retransmission } from './retransmission.ts';
import { silentAllocate } from './silent-allocate.ts';
import { sizes } from './sizes.ts';
import { soak } from './soak.ts';
import { tcpConnect, tcpPassive } from './tcp-relay.ts';
import { throughput } from './throughput.ts';
import { transports } from './transports.ts';
import { type Held, type Outcome, skipped, type Trial } from './trial.ts';

/** Those that ask something of one allocation with a peer, and can share it. */
const SHARED = {
  'channel-range': channelRange,
  'family-mismatch': familyMismatch,
  reflection,
  sizes,
  'relay-series': relaySeries,
  icmp,
} satisfies { readonly [T in TrialName]?: SharedTrial<T> };

/** Those that need 5-tuples of their own. */
const ALONE = {
  challenge,
  'silent-allocate': silentAllocate,
  'ipv6-relay': ipv6Relay,
  'both-families': bothFamilies,
  lifetimes,
  deletion,
  retransmission,
  'even-port': evenPort,
  'dont-fragment': dontFragment,
  'stale-nonce': staleNonce,
  transports,
  mobility,
  quota,
  'relay-to-relay': relayToRelay,
  throughput,
  'tcp-connect': tcpConnect,
  'tcp-passive': tcpPassive,
  'permission-life': permissionLife,
  'channel-life': channelLife,
  soak,
} satisfies { readonly [T in Exclude<TrialName, keyof typeof SHARED>]: Trial<T> };

type Alone = keyof typeof ALONE;
type Shared = keyof typeof SHARED;

/** Whether the trial is made with 5-tuples of its own, so that it needs nobody else's allocation. */
const isAlone = (trial: TrialName): trial is Alone => trial in ALONE;

const observe = (
  to: Destination,
  trial: TrialName,
  ms: number | undefined,
  outcome: Outcome<unknown>,
): TrialObservation =>
  ({
    probe: 'turn-trial',
    ...baseOf(to),
    stagesMs: ms === undefined ? {} : { trial: ms },
    trial,
    ...outcome,
  }) as TrialObservation;

/** Those that take the time they need, or wait for silence until the end. */
const BEYOND_THE_DEADLINE: ReadonlySet<TrialName> = new Set([
  'silent-allocate',
  'quota',
  'relay-series',
  'throughput',
  'permission-life',
  'channel-life',
  'soak',
]);

/** What was cut short says nothing: an answer that is missing then may only have been late. */
function inTime<R>(trial: TrialName, { clock, deadlineMs }: ProbeContext, outcome: Outcome<R>): Outcome<R> {
  const cut = !BEYOND_THE_DEADLINE.has(trial) && clock.monotonic() >= deadlineMs - 1;
  return cut ? skipped('time ran out') : outcome;
}

/** The trials that were not made, and why. */
export const untried = (to: Destination, trials: readonly TrialName[], why: Failure): TrialObservation[] =>
  trials.map(trial => observe(to, trial, undefined, why));

/** Makes those trials that have 5-tuples of their own, all at once, each with a credential of its own. */
export function tryAlone(
  to: Destination,
  context: ProbeContext,
  trials: readonly TrialName[],
): Promise<TrialObservation[]> {
  const { clock, anotherCredential } = context;
  return Promise.all(
    trials.filter(isAlone).map(async trial => {
      const startMs = clock.monotonic();
      const credential = anotherCredential?.() ?? context.credential;
      const outcome = await ALONE[trial](to, { ...context, credential });
      return observe(to, trial, clock.monotonic() - startMs, inTime<unknown>(trial, context, outcome));
    }),
  );
}

/** Makes those trials that share an allocation, one after the other. */
export async function tryShared(
  to: Destination,
  context: ProbeContext,
  held: Held,
  trials: readonly TrialName[],
): Promise<TrialObservation[]> {
  const asked = trials.filter((trial): trial is Shared => !isAlone(trial));
  if (asked.length === 0) return [];
  const made = await withPeer(to, context, held, relay => inTurn(relay, asked));
  return 'outcome' in made ? untried(to, asked, made) : made;
}

async function inTurn(relay: Relayed, trials: readonly Shared[]): Promise<TrialObservation[]> {
  const { to, context } = relay;
  const observations: TrialObservation[] = [];
  for (const trial of trials) {
    const startMs = context.clock.monotonic();
    const outcome = await SHARED[trial](relay);
    const ms = context.clock.monotonic() - startMs;
    observations.push(observe(to, trial, ms, inTime<unknown>(trial, context, outcome)));
  }
  return observations;
}
