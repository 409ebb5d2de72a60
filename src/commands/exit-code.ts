import type { Severity } from '../model/finding.ts';
import type { Check, ExitCode, FailOn } from '../model/report.ts';

const WEIGHT: Record<Severity, number> = { info: 0, warning: 1, error: 2 };

/** True when a failed check is at or above the threshold. */
export const reaches = (severity: Severity, failOn: FailOn): boolean =>
  failOn !== 'never' && WEIGHT[severity] >= WEIGHT[failOn];

/** 1 findings at or above `failOn`, else 3 when something could not be told that had to be, else 0. */
export function exitCodeOf(checks: readonly Check[], failOn: FailOn, inconclusive: boolean): ExitCode {
  if (checks.some(check => check.outcome === 'failed' && reaches(check.severity, failOn))) return 1;
  if (inconclusive || checks.some(check => check.outcome === 'crashed')) return 3;
  return 0;
}
