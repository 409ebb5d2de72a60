import type { Facts } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Check } from '../model/report.ts';
import { describeObservation } from './outcome-words.ts';

const GOOD: ReadonlySet<Observation['outcome']> = new Set([
  'answered',
  'handshake',
  'allocated',
  'challenged',
  'complete',
]);

/** Outcomes that prove a server is there, whatever it thinks of the request. */
const isAnswer = ({ outcome }: Observation): boolean => GOOD.has(outcome) || outcome === 'error-response';

/**
 * Why the run cannot say whether users are served, when it cannot: the wire was tried and nothing answered, and no rule
 * knows the cause. Undefined when it can.
 */
export function whyInconclusive(facts: Facts, checks: readonly Check[]): string | undefined {
  if (checks.some(({ outcome, severity }) => outcome === 'failed' && severity === 'error')) return undefined;
  const { wire } = facts;
  if (!wire.known) return `The wire could not be probed: ${wire.reason}`;
  const tried = wire.value.observations.filter(o => o.probe !== 'dns' && o.outcome !== 'skipped');
  if (tried.some(isAnswer)) return undefined;
  const [unresolved] = wire.value.observations.filter(o => o.outcome === 'unresolved');
  const first = tried[0] ?? unresolved;
  return first === undefined ? 'Nothing was probed' : describeObservation(first);
}

/** What a clean run may claim: no more than was seen. */
export function allWell({ wire }: Facts): string {
  if (!wire.known) return 'Nothing is wrong as far as it could be checked';
  const seen = (probe: Observation['probe'], outcome: Observation['outcome']) =>
    wire.value.observations.some(o => o.probe === probe && o.outcome === outcome);
  if (seen('turn-data-path', 'complete'))
    return 'Calls can be relayed: allocation and data in both directions work';
  if (seen('turn-allocate', 'allocated')) return 'Allocations work; whether data is relayed was not seen';
  if (seen('turn-allocate', 'challenged')) {
    return 'The server answers and asks for credentials; without any, relaying was not tried';
  }
  return 'The server answers Binding requests; relaying was not tried';
}
