import type { FactName, Facts, FactValues } from '../model/facts.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Check } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { groupedBy } from '../util/grouped.ts';
import { oncePerObject } from '../util/once.ts';
import { type KnownFinding, withoutKnown } from './baseline.ts';
import { foldConsequences } from './fold-consequences.ts';
import { severityRank } from './severity-rank.ts';
import { suppressIgnored } from './suppress.ts';

/**
 * Judges the facts by every rule, in the order given. Findings the operator has answered for, in the file or by a baseline, are left out, and symptoms
 * are filed under their causes afterwards, so that no rule depends on another having run.
 * `now` is in milliseconds since 1970: the moment of observation, not of judgement, when a bundle is judged later.
 */
export function runRules(
  rules: readonly Rule[],
  facts: Facts,
  now: number,
  baseline: readonly KnownFinding[] = [],
): Check[] {
  const checks: Check[] = new Array(rules.length);
  for (const group of groupsOf(rules)) {
    const view = viewed(facts, group[0]!.rule);
    for (const { rule, passed, place } of group) checks[place] = runRule(rule, view, passed, now);
  }
  const ignores = facts.config.known ? facts.config.value.ignores : [];
  return foldConsequences(withoutKnown(suppressIgnored(checks, ignores), baseline), rules);
}

/** A rule, what is said of it when it finds nothing, and its place among the rules. */
interface Placed {
  readonly rule: Rule;
  readonly passed: Check;
  readonly place: number;
}

/** Rules that name the same facts, together: few views serve all rules. */
const groupsOf = oncePerObject((rules: readonly Rule[]): readonly (readonly Placed[])[] => {
  const placed = rules.map((rule, place): Placed => ({ rule, passed: passedCheck(rule), place }));
  return [
    ...groupedBy(placed, ({ rule: { needs, either, uses } }) => [needs, either, uses].join(' ')).values(),
  ];
});

function runRule(rule: Rule, { lacking, unseen, readable }: View, check: Check, now: number): Check {
  if (lacking !== null) return { ...check, outcome: 'skipped', reason: lacking };

  let result: ReturnType<Rule['check']>;
  try {
    result = rule.check(readable, { now });
  } catch (error) {
    return { ...check, outcome: 'crashed', reason: error instanceof Error ? error.message : String(error) };
  }
  if ('skip' in result) {
    return {
      ...check,
      outcome: 'skipped',
      reason: unseen === null ? result.skip : `${result.skip} (${unseen})`,
    };
  }
  if (result.length === 0) return check;
  const { severity } = rule.meta;
  const findings = result.map((problem): Finding => ({ ...problem, severity: problem.severity ?? severity }));
  return { ...check, severity: gravest(findings), outcome: 'failed', findings };
}

const passedCheck = ({ id, meta: { title, severity } }: Rule): Check => ({
  id,
  title,
  severity,
  findings: [],
  outcome: 'passed',
});

/** The facts as rules see them that name the same ones. */
interface View {
  /** Why such rules cannot say anything; null when they can. */
  readonly lacking: string | null;
  /** Why those are not known of which one is enough: what a rule that cannot tell would have liked to see. */
  readonly unseen: string | null;
  /** All that they name, and nothing else: they cannot come to depend on more. */
  readonly readable: Partial<FactValues>;
}

function viewed(facts: Facts, { needs, either, uses }: Rule): View {
  const isLacking = (name: FactName): boolean => !facts[name].known;
  const unseen = either.filter(isLacking);
  const noneOfEither = either.length > 0 && unseen.length === either.length;
  const lacking = [...needs.filter(isLacking), ...(noneOfEither ? either : [])];
  const readable: Record<string, unknown> = {};
  for (const names of [needs, either, uses]) {
    for (const name of names) {
      const fact = facts[name];
      if (fact.known) readable[name] = fact.value;
    }
  }
  return {
    lacking: lacking.length === 0 ? null : reasons(lacking, facts),
    unseen: unseen.length === 0 ? null : reasons(unseen, facts),
    readable,
  };
}

/** Each reason once: several facts are often unknown because of one and the same thing. */
function reasons(names: readonly FactName[], facts: Facts): string {
  const texts = names.flatMap(name => {
    const fact = facts[name];
    return fact.known ? [] : [fact.reason];
  });
  return [...new Set(texts)].join('; ');
}

const gravest = (findings: readonly Finding[]): Severity =>
  findings.reduce<Severity>(
    (worst, { severity }) => (severityRank[severity] > severityRank[worst] ? severity : worst),
    'info',
  );
