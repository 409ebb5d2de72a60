import type { Reply, TrialName, TrialObservation, TrialResults } from '../model/observations/turn-trial.ts';

/** What a trial's result is worth: `note` is a matter of policy or worth knowing, `bad` breaks calls or leaks. */
export interface TrialVerdict {
  readonly mark: 'good' | 'note' | 'bad';
  /** The result in a few words. */
  readonly result: string;
  /** What it means for an operator. */
  readonly meaning: string;
}

export type VerdictOf<T extends TrialName> = (
  result: TrialResults[T],
  observation: Extract<TrialObservation, { trial: T }>,
) => TrialVerdict;

export const good = (result: string, meaning: string): TrialVerdict => ({ mark: 'good', result, meaning });
export const note = (result: string, meaning: string): TrialVerdict => ({ mark: 'note', result, meaning });
export const bad = (result: string, meaning: string): TrialVerdict => ({ mark: 'bad', result, meaning });

/** `200`, an error code, or `silence`. */
export const replyWord = (reply: Reply): string =>
  reply === 'granted' ? '200' : reply === null ? 'silence' : String(reply);
