import { describe, expect, test } from 'vitest';
import { judge, rootCauses } from '../../src/rules/verdict.ts';
import { check, failed } from '../support/report.ts';

describe('the order of causes', () => {
  test('errors stand before warnings, upstream before downstream, symptoms not at all', () => {
    const causes = rootCauses([
      failed('logging/unwritable', { severity: 'warning' }),
      failed('nat/external-ip-missing'),
      failed('firewall/relay-range-closed'),
      failed('service/not-running'),
      failed('listener/no-stun', { explainedBy: 'service/not-running' }),
      check('auth/realm-missing'),
    ]);
    expect(causes.map(({ id }) => id)).toEqual([
      'service/not-running',
      'firewall/relay-range-closed',
      'nat/external-ip-missing',
      'logging/unwritable',
    ]);
  });
});

describe('the headline', () => {
  const input = { exitCode: 0, allWell: 'all is well' } as const;

  test('names the effect on users, then the cause', () => {
    const rule = { id: 'listener/no-stun', meta: { effect: 'Browsers wait 40 s' } };
    const verdict = judge({ ...input, exitCode: 1, checks: [failed('listener/no-stun')] }, [rule as never]);
    expect(verdict).toMatchObject({
      status: 'findings',
      headline: 'Browsers wait 40 s: title of listener/no-stun',
      causes: ['listener/no-stun'],
    });
  });

  test('a run that could not tell never says that all is well', () => {
    const skipped = [check('auth/realm-missing', { outcome: 'skipped' })];
    const verdict = judge({ ...input, exitCode: 3, checks: skipped, inconclusive: 'nothing answered' }, []);
    expect(verdict).toMatchObject({ status: 'inconclusive', headline: 'nothing answered' });
  });

  test('an unreachable server is no finding, whatever its silence looks like', () => {
    const checks = [failed('dns/name-unresolved')];
    const verdict = judge({ ...input, exitCode: 3, checks, unreachable: 'it does not resolve' }, []);
    expect(verdict).toMatchObject({
      status: 'inconclusive',
      headline: 'it does not resolve',
      causes: ['dns/name-unresolved'],
    });
  });

  test('a crashed rule makes the run inconclusive', () => {
    const verdict = judge(
      { ...input, exitCode: 3, checks: [check('auth/realm-missing', { outcome: 'crashed' })] },
      [],
    );
    expect(verdict).toMatchObject({ status: 'inconclusive', headline: 'auth/realm-missing crashed' });
  });

  test('notices alone are no fault', () => {
    const verdict = judge({ ...input, checks: [failed('logging/not-verbose', { severity: 'info' })] }, []);
    expect(verdict).toMatchObject({ status: 'ok', headline: 'all is well', causes: ['logging/not-verbose'] });
  });
});
