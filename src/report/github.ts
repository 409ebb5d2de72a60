import type { Finding } from '../model/finding.ts';
import type { Check, Report } from '../model/report.ts';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands of GitHub Actions: one annotation a finding, on its line where it has one; the verdict as the last line. */
export function renderGithub({ checks, verdict }: Report): string {
  const lines = checks
    .filter(check => check.outcome === 'failed' || check.outcome === 'crashed')
    .flatMap(check =>
      check.outcome === 'crashed'
        ? [`::error title=${property(check.id)} crashed::${data(check.reason ?? '')}`]
        : check.findings.map(finding => annotation(check, finding)),
    );
  const doubt = verdict.status === 'inconclusive' ? [`::error title=turnctl::${data(verdict.headline)}`] : [];
  return `${[...lines, ...doubt, `turnctl: ${verdict.status}: ${harmless(verdict.headline)}`].join('\n')}\n`;
}

/** On one line, and without the older form of a command, which the runner takes anywhere in a line. */
const harmless = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('##[', '## [');

function annotation(check: Check, { severity, message, at, evidence, remedy }: Finding): string {
  const place = [
    ...(at === undefined ? [] : [`file=${property(at.file)}`]),
    ...(at?.line === undefined ? [] : [`line=${at.line}`]),
    ...(at?.column === undefined ? [] : [`col=${at.column}`]),
    ...(at?.endColumn === undefined ? [] : [`endColumn=${at.endColumn}`]),
    `title=${property(check.id)}`,
  ];
  const text = [
    ...(check.explainedBy === undefined ? [] : [`Because of ${check.explainedBy}:`]),
    message,
    ...(evidence === undefined ? [] : [`Saw: ${evidence}`]),
    ...(remedy === undefined ? [] : [`Fix: ${remedy}`]),
  ];
  // One cause is one annotation in red; what it brings about goes along as notices.
  const command = check.explainedBy === undefined ? COMMAND[severity] : 'notice';
  return `::${command} ${place.join(',')}::${data(text.join('\n'))}`;
}

/** Escapes of the runner's command parser: data and properties have different ones. */
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
