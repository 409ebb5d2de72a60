import type { Severity } from '../model/finding.ts';
import type { Rule } from '../model/rule.ts';

/** What the operator thinks of a rule, or of all rules of a topic; `off` leaves it out. */
export type Override = Severity | 'off';

/** The rules with the operator's severities; a rule's own id counts for more than its topic. */
export const overrideSeverities = (
  rules: readonly Rule[],
  overrides: Readonly<Record<string, Override>>,
): Rule[] =>
  rules.flatMap(rule => {
    const override = overrides[rule.id] ?? overrides[rule.id.split('/')[0]!];
    if (override === 'off') return [];
    return [override === undefined ? rule : withSeverity(rule, override)];
  });

/** Whatever the facts would make of it. */
const withSeverity = (rule: Rule, severity: Severity): Rule => ({
  ...rule,
  meta: { ...rule.meta, severity },
  check(facts, context) {
    const result = rule.check(facts, context);
    return 'skip' in result ? result : result.map(problem => ({ ...problem, severity }));
  },
});
