import { describe, expect, test } from 'vitest';
import { unknown } from '../../src/model/fact.ts';
import type { Problem } from '../../src/model/finding.ts';
import { defineRule, type Rule, type RuleMeta } from '../../src/model/rule.ts';
import { runRules } from '../../src/rules/run.ts';
import { deployment, fileAlone } from '../support/facts-builder.ts';

const now = Date.parse('2026-01-31T12:00:00Z');

function ruleOf(id: Rule['id'], problems: readonly Problem[], meta: Partial<RuleMeta> = {}): Rule {
  return defineRule({
    id,
    meta: { title: id, why: 'why', remedy: 'remedy', severity: 'error', ...meta },
    check: () => problems,
  });
}

const at = (line: number) => ({ message: `line ${line}`, at: { file: 'a.conf', line } });

describe('outcome', () => {
  test('no problem is a pass, with the severity of the rule', () => {
    const [check] = runRules([ruleOf('auth/a', [], { severity: 'warning' })], deployment.facts, now);
    expect(check).toEqual({
      id: 'auth/a',
      title: 'auth/a',
      severity: 'warning',
      outcome: 'passed',
      findings: [],
    });
  });

  test('the severity in force is that of the gravest finding, lower or higher than the rule', () => {
    const lowered = ruleOf('auth/a', [{ message: 'm', severity: 'info' }]);
    const raised = ruleOf('auth/b', [{ message: 'm' }, { message: 'n', severity: 'error' }], {
      severity: 'info',
    });
    const checks = runRules([lowered, raised], deployment.facts, now);
    expect(checks.map(check => check.severity)).toEqual(['info', 'error']);
    expect(checks[1]!.findings.map(finding => finding.severity)).toEqual(['info', 'error']);
  });

  test('a rule that throws is crashed, and the others still run', () => {
    const broken = defineRule({
      id: 'auth/a',
      meta: { title: 't', why: 'w', remedy: 'r', severity: 'error' },
      check: () => {
        throw new TypeError('no such thing');
      },
    });
    const checks = runRules([broken, ruleOf('auth/b', [])], deployment.facts, now);
    expect(checks.map(check => check.outcome)).toEqual(['crashed', 'passed']);
    expect(checks[0]!.reason).toBe('no such thing');
  });

  test('a rule may say why it cannot tell', () => {
    const rule = { ...ruleOf('auth/a', []), check: () => ({ skip: 'no TLS listener' }) };
    expect(runRules([rule], deployment.facts, now)[0]).toMatchObject({
      outcome: 'skipped',
      reason: 'no TLS listener',
    });
  });
});

describe('facts', () => {
  const reading = (declared: Partial<Pick<Rule, 'needs' | 'either' | 'uses'>>): Rule => ({
    ...ruleOf('auth/a', []),
    ...declared,
    check: facts => [{ message: Object.keys(facts).sort().join(' ') }],
  });
  const readBy = (rule: Rule, facts = deployment.facts) => runRules([rule], facts, now)[0]!;

  test('a rule sees the facts that it declares, and no other', () => {
    const rule = reading({ needs: ['version'], either: ['config', 'wire'], uses: ['service'] });
    expect(readBy(rule).findings[0]!.message).toBe('config service version wire');
    expect(readBy(rule, fileAlone.facts).findings[0]!.message).toBe('config version');
  });

  test('without a needed fact it is skipped with the reason of that fact, each reason once', () => {
    const facts = { ...deployment.facts, config: unknown('not root'), service: unknown('not root') };
    expect(readBy(reading({ needs: ['config', 'service'] }), facts)).toMatchObject({
      outcome: 'skipped',
      reason: 'not root',
    });
  });

  test('one of `either` is enough, none is not', () => {
    const rule = reading({ either: ['config', 'wire'] });
    expect(readBy(rule, deployment.without('wire').facts).outcome).toBe('failed');
    expect(readBy(rule, deployment.without('wire', 'config').facts)).toMatchObject({
      outcome: 'skipped',
      reason: 'no config; no wire',
    });
  });

  test('of a rule that cannot tell by the one it has, what the other would have been is said', () => {
    const rule = { ...reading({ either: ['config', 'wire'] }), check: () => ({ skip: 'not in the file' }) };
    expect(readBy(rule, deployment.without('wire').facts).reason).toBe('not in the file (no wire)');
    expect(readBy(rule).reason).toBe('not in the file');
  });
});

describe('symptoms', () => {
  const explained = (...rules: Rule[]) =>
    Object.fromEntries(runRules(rules, deployment.facts, now).map(check => [check.id, check.explainedBy]));
  const problem = { message: 'm' };

  test('are filed under the cause that failed too', () => {
    const cause = ruleOf('config/a', [problem]);
    const symptom = ruleOf('nat/b', [problem], { explainedBy: ['config/x', 'config/a'] });
    expect(explained(cause, symptom)).toEqual({ 'config/a': undefined, 'nat/b': 'config/a' });
    expect(explained(symptom, cause)['nat/b']).toBe('config/a');
  });

  test('stand alone when the cause passed', () => {
    const symptom = ruleOf('nat/b', [problem], { explainedBy: ['config/a'] });
    expect(explained(ruleOf('config/a', []), symptom)['nat/b']).toBeUndefined();
  });

  test('of a symptom point to the root', () => {
    const middle = ruleOf('nat/b', [problem], { explainedBy: ['config/a'] });
    const last = ruleOf('ice/c', [problem], { explainedBy: ['nat/b'] });
    expect(explained(last, middle, ruleOf('config/a', [problem]))).toEqual({
      'config/a': undefined,
      'nat/b': 'config/a',
      'ice/c': 'config/a',
    });
  });

  test('are not hidden by something milder', () => {
    const cause = ruleOf('config/a', [problem], { severity: 'info' });
    expect(
      explained(cause, ruleOf('nat/b', [problem], { explainedBy: ['config/a'] }))['nat/b'],
    ).toBeUndefined();
  });

  test('in one line are not explained by a fault in another', () => {
    const symptom = ruleOf('nat/b', [at(7)], { explainedBy: ['config/a'] });
    expect(explained(ruleOf('config/a', [at(3)]), symptom)['nat/b']).toBeUndefined();
    expect(explained(ruleOf('config/a', [at(3), at(7)]), symptom)['nat/b']).toBe('config/a');
  });

  test('that name each other do not hang', () => {
    const a = ruleOf('nat/a', [problem], { explainedBy: ['nat/b'] });
    const b = ruleOf('nat/b', [problem], { explainedBy: ['nat/a'] });
    expect(Object.keys(explained(a, b))).toEqual(['nat/a', 'nat/b']);
  });
});

describe('turnctl-ignore', () => {
  const ignoring = (comment: string) => deployment.adding(comment).facts;
  const rule = ruleOf('listener/no-stun', [{ message: 'm' }]);

  test('skips the rule with the reason of the operator', () => {
    const facts = ignoring('# turnctl-ignore listener/no-stun: clients here are native');
    const [check] = runRules([rule], facts, now);
    expect(check).toMatchObject({ outcome: 'skipped', findings: [] });
    expect(check!.reason).toContain('clients here are native');
  });

  test('has no effect without a reason', () => {
    expect(runRules([rule], ignoring('# turnctl-ignore listener/no-stun'), now)[0]!.outcome).toBe('failed');
    expect(runRules([rule], ignoring('# turnctl-ignore listener/no-stun:'), now)[0]!.outcome).toBe('failed');
  });

  test('of a cause leaves its symptom standing', () => {
    const symptom = ruleOf('ice/c', [{ message: 'm' }], { explainedBy: ['listener/no-stun'] });
    const facts = ignoring('# turnctl-ignore listener/no-stun: because');
    expect(runRules([rule, symptom], facts, now)[1]!.explainedBy).toBeUndefined();
  });
});
