import type { Finding, Location, Severity } from '../model/finding.ts';
import type { Check, Report } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';

const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** SARIF 2.1.0: every rule that ran, one result a finding, with its region where the finding has a line. */
export function renderSarif(report: Report, _rendering: unknown, rules: readonly Rule[]): string {
  const ran = rules.filter(rule => report.checks.some(check => check.id === rule.id));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            rules: ran.map(descriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.verdict.exitCode < 2,
            exitCode: report.verdict.exitCode,
            endTimeUtc: report.observedAt,
            toolExecutionNotifications: [...doubt(report), ...report.checks.flatMap(notification)],
          },
        ],
        results: report.checks.flatMap(check =>
          check.findings.map(finding =>
            result(
              check,
              finding,
              ran.findIndex(rule => rule.id === check.id),
            ),
          ),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const descriptor = ({ id, meta }: Rule) => ({
  id,
  name: id.replaceAll(/(?:^|[/-])(\w)/g, (_, letter: string) => letter.toUpperCase()),
  shortDescription: { text: meta.title },
  fullDescription: { text: meta.why },
  help: { text: meta.remedy },
  defaultConfiguration: { level: LEVEL[meta.severity] },
});

/** Without a verdict an empty list of results must not read as a clean one. */
const doubt = ({ verdict }: Report) =>
  verdict.status === 'inconclusive' ? [{ level: 'error', message: { text: verdict.headline } }] : [];

/** What did not run is said, never left out. */
function notification(check: Check) {
  if (check.outcome !== 'crashed' && check.outcome !== 'skipped') return [];
  return [
    {
      level: check.outcome === 'crashed' ? 'error' : 'note',
      associatedRule: { id: check.id },
      message: { text: `${check.outcome}: ${check.reason ?? ''}` },
    },
  ];
}

function result(check: Check, { severity, message, at, evidence, remedy }: Finding, ruleIndex: number) {
  const text = [
    message,
    ...(evidence === undefined ? [] : [`Saw: ${evidence}`]),
    ...(remedy === undefined ? [] : [`Fix: ${remedy}`]),
  ];
  return {
    ruleId: check.id,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: check.explainedBy === undefined ? LEVEL[severity] : 'note',
    message: { text: text.join('\n') },
    ...(at === undefined ? {} : { locations: [{ physicalLocation: physical(at) }] }),
    ...(check.explainedBy === undefined ? {} : { properties: { explainedBy: check.explainedBy } }),
  };
}

function physical({ file, line, column, endColumn }: Location) {
  return {
    artifactLocation: { uri: uriOf(file) },
    ...(line === undefined
      ? {}
      : {
          region: {
            startLine: line,
            ...(column === undefined ? {} : { startColumn: column }),
            ...(endColumn === undefined ? {} : { endColumn }),
          },
        }),
  };
}

/** An absolute path is a `file:` URI, any other is relative to where turnctl ran (SARIF 2.1.0 §3.4.3). */
function uriOf(path: string): string {
  // Half a surrogate pair has no UTF-8, and encodeURIComponent throws over it.
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(path));
  const encoded = wellFormed.split('/').map(encodeURIComponent).join('/');
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
}
