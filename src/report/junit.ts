import type { Finding } from '../model/finding.ts';
import type { Check, Report } from '../model/report.ts';

/**
 * JUnit XML as the common CI servers read it: one test case a check, grouped by topic. A symptom counts with its cause,
 * so it is skipped with that reason; a warning or notice passes, with its text on standard output. A run that ends with
 * another code than 0 has at least one case that did not pass.
 */
export function renderJunit(report: Report): string {
  const { timingsMs, command } = report;
  const checks = [...report.checks, ...verdictCase(report)];
  const topics = [...new Set(checks.map(check => topicOf(check)))];
  const suites = topics.map(topic =>
    suite(
      topic,
      checks.filter(check => topicOf(check) === topic),
      report,
    ),
  );
  const totals = counts(checks);
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="turnctl ${xml(command)}" tests="${totals.tests}" failures="${totals.failures}" errors="${totals.errors}" time="${(timingsMs.total / 1000).toFixed(3)}">`,
    ...suites,
    '</testsuites>',
  ].join('\n')}\n`;
}

/** What no check says: that a probe went wrong, that nothing could be told, that a warning was to fail the run. */
function verdictCase({ checks, verdict }: Report): Check[] {
  const { exitCode, headline } = verdict;
  const said = checks.some(check => isFailure(check) || check.outcome === 'crashed');
  if (exitCode === 0 || said) return [];
  const verdictCheck = { id: 'turnctl/verdict', title: 'verdict', severity: 'error', findings: [] } as const;
  return exitCode === 1
    ? [{ ...verdictCheck, outcome: 'failed', findings: [{ severity: 'error', message: headline }] }]
    : [{ ...verdictCheck, outcome: 'crashed', reason: headline }];
}

const topicOf = ({ id }: Check): string => id.slice(0, id.indexOf('/'));

const isFailure = (check: Check): boolean =>
  check.outcome === 'failed' && check.explainedBy === undefined && check.severity === 'error';

const isSkipped = (check: Check): boolean =>
  check.outcome === 'skipped' || (check.outcome === 'failed' && check.explainedBy !== undefined);

function counts(checks: readonly Check[]) {
  return {
    tests: checks.length,
    failures: checks.filter(isFailure).length,
    errors: checks.filter(check => check.outcome === 'crashed').length,
    skipped: checks.filter(isSkipped).length,
  };
}

function suite(topic: string, checks: readonly Check[], { observedAt, target }: Report): string {
  const { tests, failures, errors, skipped } = counts(checks);
  const timestamp = observedAt.replace(/\.\d+Z$/, '');
  return [
    `  <testsuite name="${xml(topic)}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="0" timestamp="${timestamp}" hostname="${xml(target.host)}">`,
    ...checks.map(testCase),
    '  </testsuite>',
  ].join('\n');
}

function testCase(check: Check): string {
  const inside = outcomeOf(check);
  const open = `    <testcase name="${xml(check.title)}" classname="${xml(check.id)}" time="0"`;
  return inside === '' ? `${open}/>` : `${open}>${inside}</testcase>`;
}

function outcomeOf(check: Check): string {
  const [first] = check.findings;
  const text = xml(check.findings.map(describe).join('\n'));
  if (check.outcome === 'crashed') return `<error message="${xml(check.reason ?? '')}" type="crash"/>`;
  if (isFailure(check)) {
    return `<failure message="${xml(first?.message ?? '')}" type="${check.severity}">${text}</failure>`;
  }
  if (check.explainedBy !== undefined) return `<skipped message="explained by ${xml(check.explainedBy)}"/>`;
  if (check.outcome === 'skipped') return `<skipped message="${xml(check.reason ?? '')}"/>`;
  return check.outcome === 'failed' ? `<system-out>${text}</system-out>` : '';
}

function describe({ severity, message, at, evidence, remedy }: Finding): string {
  const place = at === undefined ? '' : `${at.file}${at.line === undefined ? '' : `:${at.line}`}: `;
  return [
    `${place}${severity}: ${message}`,
    ...(evidence === undefined ? [] : [`saw: ${evidence}`]),
    ...(remedy === undefined ? [] : [`fix: ${remedy}`]),
  ].join('\n');
}

/** XML 1.0 has no place for most control characters, not even escaped: they become spaces. */
const xml = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
