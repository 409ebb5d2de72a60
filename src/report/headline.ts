import type { Severity } from '../model/finding.ts';
import type { Check, Report } from '../model/report.ts';
import { plural } from '../util/text.ts';
import type { Style } from './style.ts';
import { wrap } from './text.ts';

/** The verdict on the first line, what it is made of on the next. */
export function renderHeadline(report: Report, width: number, { chalk, severity }: Style): string[] {
  const badge = badgeOf(report);
  const paint = {
    OK: chalk.green,
    FAIL: (text: string) => severity('error', text),
    WARN: (text: string) => severity('warning', text),
    UNKNOWN: (text: string) => severity('warning', text),
  }[badge];
  const indent = ' '.repeat(badge.length + 2);
  const [first = '', ...rest] = wrap(report.verdict.headline, width - indent.length);
  const summary = `${report.sources.length > 1 ? filesSummaryOf(report) : summaryOf(report)} ${judgedOf(report)}`;
  return [
    `${paint(chalk.bold(badge))}  ${chalk.bold(first)}`,
    ...rest.map(line => indent + chalk.bold(line)),
    ...wrap(summary, width - indent.length).map(line => indent + chalk.dim(line)),
  ];
}

function badgeOf({ verdict, checks }: Report): 'OK' | 'FAIL' | 'WARN' | 'UNKNOWN' {
  if (verdict.status === 'inconclusive') return 'UNKNOWN';
  const worst = checks.find(({ id }) => id === verdict.causes[0])?.severity;
  if (worst === 'error' || (worst === undefined && verdict.exitCode !== 0)) return 'FAIL';
  return worst === 'warning' ? 'WARN' : 'OK';
}

const NOUNS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** `2 errors, 1 notice`; empty for none. */
export function countsBySeverity(items: readonly { readonly severity: Severity }[]): string[] {
  return (['error', 'warning', 'info'] as const).flatMap(severity => {
    const count = items.filter(item => item.severity === severity).length;
    return count === 0 ? [] : [plural(count, NOUNS[severity])];
  });
}

function summaryOf({ checks, verdict }: Report): string {
  if (checks.length === 0) return '';
  const of = (outcome: Check['outcome']) => checks.filter(check => check.outcome === outcome);
  const causes = of('failed').filter(check => verdict.causes.includes(check.id));
  const folded = of('failed').length - causes.length;
  const crashed = of('crashed').length;
  const skipped = of('skipped').length;
  return `${[
    ...countsBySeverity(causes),
    ...(folded > 0 ? [`${plural(folded, 'symptom')} of these`] : []),
    ...(crashed > 0 ? [`${plural(crashed, 'rule')} crashed`] : []),
    `${plural(of('passed').length, 'rule')} passed`,
    ...(skipped > 0 ? [`${skipped} not checked`] : []),
  ].join(', ')}.`;
}

/** Of several files every finding counts, wherever it is. */
function filesSummaryOf({ checks, sources }: Report): string {
  const findings = checks.flatMap(check => check.findings);
  const touched = new Set(findings.map(({ at }) => at?.file)).size;
  const said = findings.length === 0 ? 'Nothing' : countsBySeverity(findings).join(', ');
  return `${said} in ${touched} of ${sources.length} files, by ${plural(checks.length, 'rule')}.`;
}

const WHENCE = {
  asked: 'as asked',
  running: 'running',
  installed: 'installed',
  'software-attribute': 'by its SOFTWARE attribute',
  'newest-known': 'the newest known, none was found',
} as const;

function judgedOf({ judgedAs, target }: Report): string {
  const judged = judgedAs === undefined ? '' : `, coturn ${judgedAs.version} (${WHENCE[judgedAs.origin]})`;
  return `Looked at: ${target.note ?? target.uri ?? target.host}${judged}.`;
}
