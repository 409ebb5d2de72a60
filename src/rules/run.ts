import type { FactName, Facts, FactValues } from '../model/facts.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Check } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
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
  const checks = rules.map(rule => runRule(rule, facts, now));
  const ignores = facts.config.known ? facts.config.value.ignores : [];
  return foldConsequences(withoutKnown(suppressIgnored(checks, ignores), baseline), rules);
}

function runRule(rule: Rule, facts: Facts, now: number): Check {
  const { title, severity } = rule.meta;
  const check = { id: rule.id, title, severity, findings: [] };
  const lacking = lackingFacts(rule, facts);
  if (lacking.length > 0) return { ...check, outcome: 'skipped', reason: reasons(lacking, facts) };

  let result: ReturnType<Rule['check']>;
  try {
    result = rule.check(readableFacts(rule, facts), { now });
  } catch (error) {
    return { ...check, outcome: 'crashed', reason: error instanceof Error ? error.message : String(error) };
  }
  if ('skip' in result) return { ...check, outcome: 'skipped', reason: result.skip };
  if (result.length === 0) return { ...check, outcome: 'passed' };
  const findings = result.map((problem): Finding => ({ ...problem, severity: problem.severity ?? severity }));
  return { ...check, severity: gravest(findings), outcome: 'failed', findings };
}

/** The facts without which the rule cannot say anything: none when it can run. */
function lackingFacts({ needs, either }: Rule, facts: Facts): readonly FactName[] {
  const isLacking = (name: FactName): boolean => !facts[name].known;
  const noneOfEither = either.length > 0 && either.every(isLacking);
  return noneOfEither ? [...needs.filter(isLacking), ...either] : needs.filter(isLacking);
}

/** All that the rule names, and nothing else: it cannot come to depend on more. */
function readableFacts({ needs, either, uses }: Rule, facts: Facts): Partial<FactValues> {
  const readable: Record<string, unknown> = {};
  for (const names of [needs, either, uses]) {
    for (const name of names) {
      const fact = facts[name];
      if (fact.known) readable[name] = fact.value;
    }
  }
  return readable as Partial<FactValues>;
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
