import type { TrialName, TrialObservation } from '../model/observations/turn-trial.ts';
import { ALLOCATION_VERDICTS } from './allocation-trials.ts';
import { RELAY_VERDICTS } from './relay-trials.ts';
import { bad, type TrialVerdict, type VerdictOf } from './trial-words.ts';

/** Judges one trial; null for one that was not made. */
export function trialVerdict(observation: TrialObservation): TrialVerdict | null {
  if (observation.outcome === 'skipped') return null;
  if (observation.outcome !== 'complete') return bad(observation.outcome, 'the server did not answer it');
  const verdicts: { readonly [T in TrialName]: VerdictOf<T> } = { ...ALLOCATION_VERDICTS, ...RELAY_VERDICTS };
  const verdict = verdicts[observation.trial] as (result: unknown, whole: unknown) => TrialVerdict;
  return verdict(observation.result, observation);
}
