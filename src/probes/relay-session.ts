import type { Observation } from '../model/observation.ts';
import type { AllocateObservation } from '../model/observations/turn-allocate.ts';
import type { Failure } from '../model/outcome.ts';
import { baseOf, type ProbeContext } from './conversation.ts';
import type { Conversation } from './plan.ts';
import { attemptAllocation } from './turn-allocate.ts';
import { dataPathObservation, walkDataPath } from './turn-data-path.ts';
import { askPeerPolicy } from './turn-peer-policy.ts';

type RelaySession = Extract<Conversation, { kind: 'relay-session' }>;

/**
 * A whole TURN test over one 5-tuple and with one allocation: two Allocate requests when nothing is lost, then permission,
 * data both ways, channel, peer policy, deletion. Whatever happens in between, the allocation is given back.
 */
export async function probeRelay(to: RelaySession, context: ProbeContext): Promise<readonly Observation[]> {
  const { observation, held, release } = await attemptAllocation(to, context);
  if (!held) {
    await release();
    return [observation, ...without(to, observation)];
  }
  const { exchange, granted } = held;
  try {
    const legs = to.dataPath ? await walkDataPath(to, context, exchange, granted) : undefined;
    const policy = to.peerPolicy ? await askPeerPolicy(to, context, exchange, granted) : undefined;
    const deletion = await release();
    return [
      observation,
      ...(legs ? [dataPathObservation(to, legs, deletion)] : []),
      ...(policy ? [policy] : []),
    ];
  } finally {
    await release();
  }
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

function whyNot(observation: AllocateObservation): string {
  if (observation.outcome === 'challenged') return 'no credentials to allocate with';
  if (observation.outcome === 'error-response') return `no allocation: ${observation.code}`;
  return `no allocation: ${observation.outcome}`;
}
