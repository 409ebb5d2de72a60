import type { Check } from '../model/report.ts';
import { severityRank } from './severity-rank.ts';

/** One check a rule, with the findings of all files; it is a symptom only where every file says so. */
export function mergeChecks(runs: readonly (readonly Check[])[]): Check[] {
  const [first = [], ...others] = runs;
  if (others.length === 0) return [...first];
  return first.map((_, i) => runs.map(run => run[i]!).reduce(merged));
}

function merged(sum: Check, next: Check): Check {
  const inBaseline = (sum.inBaseline ?? 0) + (next.inBaseline ?? 0);
  const both = mergedOutcome(sum, next);
  return inBaseline === 0 ? both : { ...both, inBaseline };
}

function mergedOutcome(sum: Check, next: Check): Check {
  if (next.outcome === 'passed') return sum.outcome === 'skipped' ? next : sum;
  if (next.outcome === 'skipped') return sum;
  if (next.outcome === 'crashed' || sum.outcome === 'crashed') return sum.outcome === 'crashed' ? sum : next;
  if (sum.findings.length === 0) return next;
  const { explainedBy, ...rest } = sum;
  return {
    ...rest,
    severity: severityRank[next.severity] > severityRank[sum.severity] ? next.severity : sum.severity,
    ...(explainedBy !== undefined && explainedBy === next.explainedBy ? { explainedBy } : {}),
    findings: [...sum.findings, ...next.findings],
  };
}
