import type { Finding, RuleId } from '../model/finding.ts';
import type { Check } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { oncePerObject } from '../util/once.ts';
import { severityRank } from './severity-rank.ts';

/**
 * Files failed checks that are only symptoms under the cause that failed too, so that a stopped service is one error
 * and not twenty. A cause that is itself a symptom hands its symptoms on to the root.
 */
export function foldConsequences(checks: readonly Check[], rules: readonly Rule[]): Check[] {
  const failed = new Map(checks.filter(check => check.outcome === 'failed').map(check => [check.id, check]));
  if (failed.size === 0) return [...checks];
  const causeOf = (check: Check): Check | undefined =>
    (possibleCauses(rules).get(check.id) ?? [])
      .filter(id => check.findings.every(({ causes }) => causes?.includes(id) ?? true))
      .flatMap(id => failed.get(id) ?? [])
      .find(cause => explains(cause, check));

  return checks.map(check => {
    if (check.outcome !== 'failed') return check;
    const root = rootCause(check, causeOf);
    return root === check.id ? check : { ...check, explainedBy: root };
  });
}

const possibleCauses = oncePerObject(
  (rules: readonly Rule[]) => new Map(rules.map(rule => [rule.id, rule.meta.explainedBy ?? []])),
);

function rootCause(symptom: Check, causeOf: (check: Check) => Check | undefined): RuleId {
  const seen = new Set<RuleId>([symptom.id]);
  let root = symptom;
  for (let next = causeOf(root); next !== undefined && !seen.has(next.id); next = causeOf(root)) {
    seen.add(next.id);
    root = next;
  }
  return root.id;
}

/** A milder finding never hides a graver one. */
function explains(cause: Check, symptom: Check): boolean {
  if (severityRank[cause.severity] < severityRank[symptom.severity]) return false;
  if (!cause.id.startsWith('config/')) return true;
  if (cause.findings.some(({ at }) => at?.line === undefined)) return true;
  const spoilt = linesOf(cause.findings);
  return symptom.findings.every(
    finding => pointsAt(finding, cause) || spoilt.get(finding.at?.file)?.has(finding.at?.line),
  );
}

/** A journal names the kind of fault over which coturn stopped, and no line. */
const pointsAt = (symptom: Finding, cause: Check): boolean =>
  symptom.at === undefined && symptom.causes?.includes(cause.id) === true;

/** What is wrong with the writing of a line explains what that line should have done, and nothing else. */
function linesOf(findings: readonly Finding[]): Map<string | undefined, Set<number | undefined>> {
  const lines = new Map<string | undefined, Set<number | undefined>>();
  for (const { at } of findings) {
    const sameFile = lines.get(at?.file) ?? new Set();
    lines.set(at?.file, sameFile.add(at?.line));
  }
  return lines;
}
