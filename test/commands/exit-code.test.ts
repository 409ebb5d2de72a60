import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/commands/exit-code.ts';
import { check, failed } from '../support/report.ts';

const error = failed('auth/realm-missing');
const warning = failed('relay/no-tcp-relay', { severity: 'warning' });
const info = failed('logging/not-verbose', { severity: 'info' });
const crashed = check('auth/realm-missing', { outcome: 'crashed' });
const skipped = check('auth/realm-missing', { outcome: 'skipped' });

const cases = [
  { name: 'nothing found', checks: [skipped], failOn: 'error', inconclusive: false, exitCode: 0 },
  { name: 'an error', checks: [error], failOn: 'error', inconclusive: false, exitCode: 1 },
  {
    name: 'a warning below the threshold',
    checks: [warning],
    failOn: 'error',
    inconclusive: false,
    exitCode: 0,
  },
  {
    name: 'a warning at the threshold',
    checks: [warning],
    failOn: 'warning',
    inconclusive: false,
    exitCode: 1,
  },
  { name: 'a notice at the threshold', checks: [info], failOn: 'info', inconclusive: false, exitCode: 1 },
  { name: 'an error that nobody minds', checks: [error], failOn: 'never', inconclusive: false, exitCode: 0 },
  { name: 'could not tell', checks: [skipped], failOn: 'error', inconclusive: true, exitCode: 3 },
  { name: 'a crash', checks: [crashed], failOn: 'never', inconclusive: false, exitCode: 3 },
  {
    name: 'findings outweigh a crash',
    checks: [crashed, error],
    failOn: 'error',
    inconclusive: true,
    exitCode: 1,
  },
  {
    name: 'a symptom reaches the threshold with its cause',
    checks: [{ ...error, explainedBy: 'service/not-running' as const }, warning],
    failOn: 'error',
    inconclusive: false,
    exitCode: 1,
  },
] as const;

for (const { name, checks, failOn, inconclusive, exitCode } of cases) {
  test(name, () => expect(exitCodeOf(checks, failOn, inconclusive)).toBe(exitCode));
}
