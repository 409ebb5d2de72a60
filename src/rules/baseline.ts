import type { Finding, RuleId } from '../model/finding.ts';
import type { Check } from '../model/report.ts';

/** A finding that was there before, recognised by its words: lines move, so none is kept. */
export interface KnownFinding {
  readonly rule: RuleId;
  readonly file?: string;
  readonly option?: string;
  readonly message: string;
  /** How many alike there were; one more is new. */
  readonly count: number;
}

/** Every finding of these checks, symptoms included. */
export function baselineOf(checks: readonly Check[]): KnownFinding[] {
  const known = new Map<string, KnownFinding>();
  for (const check of checks) {
    for (const finding of check.findings) {
      const key = keyOf(check.id, identity(finding));
      const count = (known.get(key)?.count ?? 0) + 1;
      known.set(key, { rule: check.id, ...identity(finding), count });
    }
  }
  return [...known.values()];
}

/** Takes out what the baseline has. A check of which nothing is left is skipped, and says how many it had. */
export function withoutKnown(checks: readonly Check[], baseline: readonly KnownFinding[]): Check[] {
  if (baseline.length === 0) return [...checks];
  const left = new Map(baseline.map(known => [keyOf(known.rule, known), known.count]));
  return checks.map(check => {
    if (check.outcome !== 'failed') return check;
    const findings = check.findings.filter(finding => {
      const key = keyOf(check.id, identity(finding));
      const count = left.get(key) ?? 0;
      left.set(key, count - 1);
      return count <= 0;
    });
    const inBaseline = check.findings.length - findings.length;
    if (inBaseline === 0) return check;
    if (findings.length > 0) return { ...check, findings, inBaseline };
    return { ...check, outcome: 'skipped', reason: 'every finding is in the baseline', findings, inBaseline };
  });
}

const identity = ({ at, option, message }: Finding) => ({
  ...(at === undefined ? {} : { file: at.file }),
  ...(option === undefined ? {} : { option }),
  message: message.replaceAll(/\bline \d+/gi, 'line N'),
});

const keyOf = (rule: RuleId, { file, option, message }: Omit<KnownFinding, 'rule' | 'count'>): string =>
  JSON.stringify([rule, file, option, message]);
