import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import type { Severity } from '../../src/model/finding.ts';
import type { Check } from '../../src/model/report.ts';
import type { Rule } from '../../src/model/rule.ts';
import { runRules } from '../../src/rules/run.ts';

interface Case {
  readonly name: string;
  readonly facts: { readonly facts: Facts };
}

interface FailingCase extends Case {
  /** Part of the message of the first finding. */
  readonly message?: string | RegExp;
  readonly evidence?: string | RegExp;
  readonly remedy?: string | RegExp;
  readonly severity?: Severity;
  readonly option?: string;
  readonly line?: number;
  /** How many findings; default: at least one. */
  readonly count?: number;
}

interface SkippedCase extends Case {
  readonly reason?: string | RegExp;
}

export interface RuleCases {
  readonly passes: readonly Case[];
  readonly fails: readonly FailingCase[];
  readonly skips?: readonly SkippedCase[];
}

/** Runs one rule over tables of facts. Every rule has a case that passes and one that fails. */
export function ruleTester(rule: Rule, { passes, fails, skips = [] }: RuleCases): void {
  describe(rule.id, () => {
    test('has a case that passes and one that fails', () => {
      expect(passes.length).toBeGreaterThan(0);
      expect(fails.length).toBeGreaterThan(0);
    });

    for (const { name, facts } of passes) {
      test(`passes: ${name}`, () => {
        const { outcome, findings, reason } = judge(rule, facts.facts);
        expect({ outcome, findings, reason }).toEqual({ outcome: 'passed', findings: [], reason: undefined });
      });
    }

    for (const expected of fails) {
      test(`fails: ${expected.name}`, () => {
        const check = judge(rule, expected.facts.facts);
        expect({ outcome: check.outcome, reason: check.reason }).toEqual({
          outcome: 'failed',
          reason: undefined,
        });
        expectFinding(check, expected);
      });
    }

    for (const { name, facts, reason } of skips) {
      test(`skips: ${name}`, () => {
        const check = judge(rule, facts.facts);
        expect(check.outcome).toBe('skipped');
        expect(check.reason).toMatch(reason ?? /./);
      });
    }
  });
}

const judge = (rule: Rule, facts: Facts): Check => runRules([rule], facts, Date.parse(facts.observedAt))[0]!;

function expectFinding(check: Check, expected: FailingCase): void {
  const [finding] = check.findings;
  if (expected.count !== undefined) expect(check.findings).toHaveLength(expected.count);
  expect(finding?.message).toMatch(expected.message ?? /\S/);
  expect(finding?.evidence ?? '').toMatch(expected.evidence ?? /\S/);
  if (expected.remedy !== undefined) expect(finding?.remedy).toMatch(expected.remedy);
  if (expected.severity !== undefined) expect(check.severity).toBe(expected.severity);
  if (expected.option !== undefined) expect(finding?.option).toBe(expected.option);
  if (expected.line !== undefined) expect(finding?.at?.line).toBe(expected.line);
}
