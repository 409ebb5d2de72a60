import type { Observation, ProbeName } from '../model/observation.ts';
import type { Leg } from '../model/observations/turn-data-path.ts';

import { trialVerdict } from './trial-verdict.ts';

/** Outcomes that are the whole answer asked for. */
const GOOD: ReadonlySet<Observation['outcome']> = new Set([
  'resolved',
  'answered',
  'allocated',
  'handshake',
  'complete',
]);

/** One packet in a hundred, as `listener/packet-loss` has it. */
const TOLERABLE_LOSS = 0.01;

type Complete<P extends ProbeName> = Extract<Observation, { probe: P }>;

/** What more a probe asks of an outcome that is good. */
const DEMANDS: { readonly [P in ProbeName]?: (observation: Complete<P>) => boolean } = {
  'nat-behaviour': o =>
    o.outcome === 'complete' && [o.mapping, o.filtering].every(({ kind }) => kind !== 'inconclusive'),
  'stun-series': o => o.outcome === 'complete' && o.sent - o.received <= o.sent * TOLERABLE_LOSS,
  'load-allocations': o =>
    o.outcome === 'complete' &&
    ['count', 'quota', 'ports', 'latency'].includes(o.endedBy) &&
    o.confirmed === o.released,
  'load-relay': o => o.outcome === 'complete' && o.lost === 0,
  'malformed-requests': o => o.outcome === 'complete' && o.aliveAfter,
  'tls-handshake': o => o.outcome === 'handshake' && !o.untrusted && !o.nameMismatch,
  // Of several secrets one is enough; whether what was wrong is refused is for the rules to say.
  'tls-survey': o => o.outcome === 'complete' && o.inside.outcome === 'answered',
  'turn-auth': o =>
    o.outcome === 'complete' && (o.given.length === 0 || o.given.some(({ answer }) => answer === 'accepted')),
  'turn-trial': o => trialVerdict(o)?.mark !== 'bad',
  'turn-data-path': o =>
    o.outcome === 'complete' &&
    [o.permission, o.inbound, o.outbound, o.channelBind, o.channelInbound, o.channelOutbound].every(passed),
};

const passed = ({ outcome }: Leg): boolean => outcome === 'passed';

/** Whether a conversation came to what it was for: a full answer, and every leg of the data path that was tried. */
export function wentWell(observation: Observation): boolean {
  const demand = DEMANDS[observation.probe] as ((observation: Observation) => boolean) | undefined;
  return GOOD.has(observation.outcome) && (demand?.(observation) ?? true);
}
