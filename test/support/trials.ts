import type { TrialName, TrialResults } from '../../src/model/observations/turn-trial.ts';
import { wentWell } from '../../src/rules/went-well.ts';
import { type Listener, type ProbingOptions, probe } from './probing.ts';

type Tried = { readonly [T in TrialName]?: TrialResults[T] | string };

/** Makes trials and returns what each found, or the reason why it could not be made. */
export async function tryWith(
  listener: Listener,
  trials: readonly TrialName[],
  options: Omit<ProbingOptions, 'steps'> = {},
): Promise<{ readonly found: Tried; readonly bad: readonly TrialName[] }> {
  const { all } = await probe(listener, { ...options, steps: trials });
  const made = all('turn-trial');
  return {
    found: Object.fromEntries(
      made.map(o => [
        o.trial,
        o.outcome === 'complete' ? o.result : o.outcome === 'skipped' ? o.reason : o.outcome,
      ]),
    ),
    bad: made.filter(o => o.outcome === 'complete' && !wentWell(o)).map(({ trial }) => trial),
  };
}
