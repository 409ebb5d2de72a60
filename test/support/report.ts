import type { Check, Report } from '../../src/model/report.ts';

export const check = (id: Check['id'], rest: Partial<Check> = {}): Check => ({
  id,
  title: `title of ${id}`,
  severity: 'error',
  outcome: 'passed',
  findings: [],
  ...rest,
});

/** A check that failed with one finding. */
export const failed = (id: Check['id'], rest: Partial<Check> = {}): Check => {
  const severity = rest.severity ?? 'error';
  return check(id, {
    outcome: 'failed',
    findings: [{ severity, message: `${id} was found` }],
    ...rest,
    severity,
  });
};

export const report = (checks: readonly Check[], rest: Partial<Report> = {}): Report => ({
  tool: { name: 'turnctl', version: '1.2.3' },
  command: 'diagnose',
  observedAt: '2026-01-31T12:00:00.000Z',
  target: { host: 'turn.example.org', uri: 'turn:turn.example.org:3478?transport=udp' },
  verdict: {
    status: 'findings',
    headline: 'something is wrong',
    exitCode: 1,
    causes: checks.filter(c => c.outcome === 'failed' && c.explainedBy === undefined).map(c => c.id),
  },
  checks,
  observations: [],
  timingsMs: { total: 312 },
  sources: [],
  ...rest,
});
