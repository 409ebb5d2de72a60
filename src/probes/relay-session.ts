import type { Observation } from '../model/observation.ts';
import type { AllocateObservation } from '../model/observations/turn-allocate.ts';
import type { TrialObservation } from '../model/observations/turn-trial.ts';
import type { Failure } from '../model/outcome.ts';
import { baseOf, type ProbeContext } from './conversation.ts';
import type { Conversation } from './plan.ts';
import { tryAlone, tryShared, untried } from './trials/index.ts';
import { type Held, lasting, pause } from './trials/trial.ts';
import { attemptAllocation } from './turn-allocate.ts';
import { dataPathObservation, walkDataPath } from './turn-data-path.ts';
import { askPeerPolicy } from './turn-peer-policy.ts';

type RelaySession = Extract<Conversation, { kind: 'relay-session' }>;

/**
 * A whole TURN test over one 5-tuple and with one allocation: two Allocate requests when nothing is lost, then permission,
 * data both ways, channel, trials, peer policy, deletion. Trials that need 5-tuples of their own are made beside it, once an
 * allocation was granted. Whatever happens in between, every allocation is given back.
 */
export async function probeRelay(to: RelaySession, context: ProbeContext): Promise<readonly Observation[]> {
  const silence = watchForSilence(to, context);
  const { observation, held, release } = await attemptAllocation(to, context);
  context.allocated.pass();
  const silent = await silence.stop();
  const trials = to.trials.filter(trial => trial !== 'silent-allocate');
  if (!held) {
    await release();
    return [
      observation,
      ...without(to, observation),
      ...silent,
      ...(await anonymous(to, context, observation)),
    ];
  }
  const { exchange, granted } = held;
  const alone = context.allocated.wait(WAIT_FOR_OTHERS_MS).then(() => tryAlone(to, context, trials));
  try {
    const legs = to.dataPath ? await walkDataPath(to, context, exchange, granted) : undefined;
    const shared = await tryShared(
      to,
      context,
      held,
      trials.filter(trial => trial !== QUIET),
    );
    const quiet = trials.includes(QUIET) ? await inQuiet(to, context, held, alone) : [];
    const policy = to.peerPolicy ? await askPeerPolicy(to, context, exchange, granted) : undefined;
    const deletion = await release();
    const made = [...shared, ...quiet, ...(await alone)];
    return [
      observation,
      ...(legs ? [dataPathObservation(to, legs, deletion)] : []),
      ...(policy ? [policy] : []),
      ...trials.flatMap(trial => made.filter(other => other.trial === trial)),
    ];
  } finally {
    await release();
    await alone;
  }
}

/** Loss is measured when nothing else of ours keeps the server busy. */
const QUIET = 'relay-series';
const MOST_FOR_QUIET_MS = 3000;

async function inQuiet(
  to: RelaySession,
  context: ProbeContext,
  held: Held,
  others: Promise<unknown>,
): Promise<readonly TrialObservation[]> {
  await Promise.race([others, pause(context, MOST_FOR_QUIET_MS)]);
  return tryShared(to, lasting(context, MOST_FOR_QUIET_MS), held, [QUIET]);
}

/** A listener that has not answered by then will not be refused for our allocations. */
const WAIT_FOR_OTHERS_MS = 300;

/** When Allocate has gone unanswered for so long, what else is answered is asked while the wait for it goes on. */
const SUSPICIOUS_AFTER_MS = 1000;

function watchForSilence(
  to: RelaySession,
  context: ProbeContext,
): { stop(): Promise<readonly TrialObservation[]> } {
  if (!to.trials.includes('silent-allocate')) return { stop: async () => [] };
  let asked: Promise<TrialObservation[]> | undefined;
  const cancel = context.clock.schedule(SUSPICIOUS_AFTER_MS, () => {
    asked = tryAlone(to, context, ['silent-allocate']);
  });
  return {
    stop: async () => {
      cancel();
      return (await asked) ?? [];
    },
  };
}

/** The parts of the session for which there was no allocation, and why. */
function without(to: RelaySession, observation: AllocateObservation): readonly Observation[] {
  const failure: Failure = { outcome: 'skipped', reason: whyNot(observation) };
  const base = { ...baseOf(to), stagesMs: {}, ...failure };
  return [
    ...(to.dataPath ? [{ ...base, probe: 'turn-data-path' as const }] : []),
    ...(to.peerPolicy ? [{ ...base, probe: 'turn-peer-policy' as const }] : []),
  ];
}

/** Without an allocation only the challenge can be tried, where there was one. */
async function anonymous(
  to: RelaySession,
  context: ProbeContext,
  observation: AllocateObservation,
): Promise<readonly TrialObservation[]> {
  const answered = observation.outcome === 'challenged' || observation.outcome === 'error-response';
  const asked = to.trials.filter(trial => trial === 'challenge' && answered);
  const others = to.trials.filter(trial => trial !== 'silent-allocate' && !asked.includes(trial));
  return [
    ...(await tryAlone(to, context, asked)),
    ...untried(to, others, { outcome: 'skipped', reason: whyNot(observation) }),
  ];
}

function whyNot(observation: AllocateObservation): string {
  if (observation.outcome === 'challenged') return 'no credentials to allocate with';
  if (observation.outcome === 'error-response') return `no allocation: ${observation.code}`;
  return `no allocation: ${observation.outcome}`;
}
