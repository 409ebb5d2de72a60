import type { Check } from '../model/report.ts';
import { severityRank } from './severity-rank.ts';

/** One check a rule, with the findings of all files; it is a symptom only where every file says so. */
export function mergeChecks(runs: readonly (readonly Check[])[]): Check[] {
  const [first = [], ...others] = runs;
  if (others.length === 0) return [...first];
  return first.map((check, i) =>
    runs.every(run => run[i]!.outcome === 'passed') ? check : merged(runs.map(run => run[i]!)),
  );
}

/** What one rule says of several files. */
function merged(ofFiles: readonly Check[]): Check {
  const inBaseline = ofFiles.reduce((sum, check) => sum + (check.inBaseline ?? 0), 0);
  const check = mergedOutcome(ofFiles);
  return inBaseline === 0 ? check : { ...check, inBaseline };
}

function mergedOutcome(ofFiles: readonly Check[]): Check {
  const crashed = ofFiles.find(({ outcome }) => outcome === 'crashed');
  if (crashed !== undefined) return crashed;
  const failed = ofFiles.filter(({ outcome }) => outcome === 'failed');
  const [first] = failed;
  if (first === undefined) return ofFiles.find(({ outcome }) => outcome === 'passed') ?? ofFiles[0]!;
  const { explainedBy, ...rest } = first;
  const everywhere = failed.every(check => check.explainedBy === explainedBy);
  return {
    ...rest,
    severity: failed.reduce(
      (worst, { severity }) => (severityRank[severity] > severityRank[worst] ? severity : worst),
      first.severity,
    ),
    ...(everywhere && explainedBy !== undefined ? { explainedBy } : {}),
    findings: failed.flatMap(({ findings }) => findings),
  };
}
