import type { FactName, FactValues } from './facts.ts';
import type { Problem, RuleId, Severity } from './finding.ts';

export interface RuleMeta {
  /** The fault in a few words, for a list: `Binding requests are not answered`. */
  readonly title: string;
  /** What users notice, as the first half of a headline: `Browsers wait 40 s before a call can start`. */
  readonly effect?: string;
  /** What it does to users, and how. */
  readonly why: string;
  /** What to do, in general. */
  readonly remedy: string;
  readonly severity: Severity;
  /** Its findings are no repetition of one fault: a report for people prints them all, each with its own remedy. */
  readonly enumerates?: true;
  /** RFC sections, coturn versions or issues. */
  readonly references?: readonly string[];
  /** Causes of which this is only a symptom when they failed in the same run. */
  readonly explainedBy?: readonly RuleId[];
}

export interface RuleContext {
  /** Milliseconds since 1970 at which the facts were observed. */
  readonly now: number;
}

/**
 * One problem in one file. `needs`: every one of these facts must be known. `either`: at least one of them must be; the
 * others are undefined. A rule that has neither satisfied is skipped with the reason of the facts it lacks.
 */
export interface Rule {
  readonly id: RuleId;
  readonly meta: RuleMeta;
  readonly needs: readonly FactName[];
  readonly either: readonly FactName[];
  /** Facts read when they are known, whose absence does not skip the rule. */
  readonly uses: readonly FactName[];
  /** Returns the problems, none when all is well, or why it cannot tell. Pure. */
  readonly check: (facts: Partial<FactValues>, context: RuleContext) => RuleResult;
}

/** `skip` when the facts are there but do not allow a verdict ("no TLS listener in this configuration"). */
export type RuleResult = readonly Problem[] | { readonly skip: string };

type Readable<N extends FactName, E extends FactName, U extends FactName> = Pick<FactValues, N> &
  Partial<Pick<FactValues, E | U>>;

/** Declares a rule; `check` can read only the facts that it names. */
export function defineRule<
  N extends FactName = never,
  E extends FactName = never,
  U extends FactName = never,
>(rule: {
  readonly id: RuleId;
  readonly meta: RuleMeta;
  readonly needs?: readonly N[];
  readonly either?: readonly E[];
  readonly uses?: readonly U[];
  readonly check: (facts: Readable<N, E, U>, context: RuleContext) => RuleResult;
}): Rule {
  return {
    id: rule.id,
    meta: rule.meta,
    needs: rule.needs ?? [],
    either: rule.either ?? [],
    uses: rule.uses ?? [],
    check: rule.check as Rule['check'],
  };
}
