import type { Facts } from '../model/facts.ts';
import { type Observation, observed } from '../model/observation.ts';
import type { DataPathObservation } from '../model/observations/turn-data-path.ts';
import type { Check } from '../model/report.ts';
import { describeObservation } from './outcome-words.ts';
import { hasAnswer } from './wire-evidence.ts';

/**
 * Why nothing can be said of a server that is looked at from elsewhere: it was tried, and nothing came back that proves
 * it is there. What is wrong may be the server, its firewall, or the way to it. Undefined when something answered.
 */
export function whyUnreachable({ wire }: Facts): string | undefined {
  return wire.known && wire.value.vantage === 'elsewhere' ? whyNoAnswer(wire.value.observations) : undefined;
}

/** Why the run cannot say whether users are served, when no rule found the cause. Undefined when it can. */
export function whyInconclusive({ wire }: Facts, checks: readonly Check[]): string | undefined {
  if (checks.some(({ outcome, severity }) => outcome === 'failed' && severity === 'error')) return undefined;
  return wire.known ? whyNoAnswer(wire.value.observations) : `The wire could not be probed: ${wire.reason}`;
}

function whyNoAnswer(observations: readonly Observation[]): string | undefined {
  const tried = observations.filter(({ probe, outcome }) => probe !== 'dns' && outcome !== 'skipped');
  if (tried.some(hasAnswer)) return undefined;
  const first = tried[0] ?? observations.find(({ outcome }) => outcome === 'unresolved');
  return first === undefined ? 'Nothing was probed' : describeObservation(first);
}

/** What a clean run may claim: no more than was seen. */
export function allWell({ wire }: Facts): string {
  if (!wire.known) return 'Nothing is wrong as far as it could be checked';
  const { observations } = wire.value;
  if (observed(observations, 'turn-data-path').some(carriesData)) {
    return 'Calls can be relayed: allocation and data in both directions work';
  }
  const seen = new Set(observations.map(({ outcome }) => outcome));
  if (seen.has('allocated')) return 'Allocations work; whether data is relayed could not be seen from here';
  if (seen.has('challenged')) {
    return 'The server answers and asks for credentials; without any, relaying was not tried';
  }
  return 'The server answers Binding requests; relaying was not tried';
}

const carriesData = (path: DataPathObservation): boolean =>
  path.outcome === 'complete' && path.inbound.outcome === 'passed' && path.outbound.outcome === 'passed';
