import type { ConfigFact } from '../model/facts.ts';
import type { Check } from '../model/report.ts';

/**
 * Takes back the findings of rules for which the file holds `# turnctl-ignore RULE: reason`. What was ignored is
 * counted as skipped with the operator's own reason; a comment without a reason has no effect.
 */
export function suppressIgnored(checks: readonly Check[], ignores: ConfigFact['ignores']): Check[] {
  if (ignores.length === 0) return [...checks];
  const answers = new Map(
    ignores.filter(ignore => ignore.reason !== '').map(ignore => [ignore.rule, ignore]),
  );
  return checks.map(check => {
    const answer = answers.get(check.id);
    if (check.outcome !== 'failed' || answer === undefined) return check;
    return {
      ...check,
      outcome: 'skipped',
      reason: `ignored by the comment in line ${answer.line}: ${answer.reason}`,
      findings: [],
    };
  });
}
