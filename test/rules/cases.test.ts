import { describe, expect, test } from 'vitest';
import type { FactName, FactValues } from '../../src/model/facts.ts';
import type { RuleId, Severity } from '../../src/model/finding.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import cases from '../fixtures/cases.json' with { type: 'json' };
import { deployment, fileAlone } from '../support/facts-builder.ts';

interface WorkedCase {
  readonly id: string;
  readonly title: string;
  readonly config: string;
  readonly expected: { readonly rule: RuleId; readonly severity: Severity } | null;
  /** What is known beside the file. */
  readonly facts?: Partial<FactValues>;
  /** Other facts than those of a file and a list of URLs: their rules have tests of their own. */
  readonly needs?: string;
}

const all = cases as unknown as readonly WorkedCase[];

function judge({ config, facts = {} }: WorkedCase) {
  const names = Object.keys(facts) as FactName[];
  const known = names.length === 0 ? fileAlone : deployment.without(...otherThan(names)).with(facts);
  const judged = known.withConfig(...config.replace(/\n$/, '').split('\n')).asVersion('4.6.1').facts;
  return runRules(rules, judged, Date.parse(judged.observedAt));
}

const otherThan = (names: readonly FactName[]): FactName[] =>
  (Object.keys(deployment.facts) as (FactName | 'observedAt')[]).filter(
    (name): name is FactName => name !== 'observedAt' && !names.includes(name),
  );

describe('worked cases', () => {
  for (const worked of all.filter(({ needs }) => needs === undefined)) {
    test(`${worked.id} ${worked.title}`, () => {
      const checks = judge(worked);
      expect(checks.filter(check => check.outcome === 'crashed')).toEqual([]);
      const failed = checks.filter(check => check.outcome === 'failed');
      const graver = failed.filter(check => check.severity !== 'info');
      if (worked.expected === null) {
        expect(graver.map(check => check.findings)).toEqual([]);
      } else {
        const { rule, severity } = worked.expected;
        expect(failed.map(check => check.id)).toContain(rule);
        expect(failed.find(check => check.id === rule)).toMatchObject({ severity });
        expect(failed.find(check => check.id === rule)?.explainedBy).toBeUndefined();
      }
    });
  }

  test('the others need more of a host than these facts hold', () => {
    expect(all.filter(({ needs }) => needs !== undefined).map(({ id }) => id)).toEqual([
      'G097',
      'G110',
      'G112',
      'G115',
      'G130',
      'G131',
      'G133',
      'G137',
      'G154',
    ]);
  });
});
