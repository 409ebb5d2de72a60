import type { RuleId, Severity } from '../model/finding.ts';
import type { Check, Rendering, Report } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { plural } from '../util/text.ts';
import { renderCard } from './card.ts';
import { renderMatrix } from './matrix.ts';
import { type Style, styleOf } from './style.ts';
import { labelled, wrap } from './text.ts';

/** The report for a person: verdict first, then each cause with its symptoms, the matrix, and what was not checked. */
export function renderHuman(report: Report, rendering: Rendering, rules: readonly Rule[]): string {
  const style = styleOf(rendering);
  const width = Math.max(60, Math.min(rendering.width, 100));
  const blocks = [
    renderHeadline(report, width, style),
    ...causesOf(report).map(check =>
      renderCard(
        {
          check,
          symptoms: report.checks.filter(symptom => symptom.explainedBy === check.id),
          rule: rules.find(rule => rule.id === check.id),
          report,
          width,
        },
        style,
      ),
    ),
    renderMatrix(report.observations, { ...rendering, width }, style),
    renderUnchecked(report, width, style),
    renderFooter(report, style),
  ];
  return `${blocks
    .filter(block => block.length > 0)
    .map(block => block.join('\n'))
    .join('\n\n')}\n`;
}

const causesOf = (report: Report): Check[] =>
  report.verdict.causes.flatMap(id => report.checks.filter(check => check.id === id));

function renderHeadline(report: Report, width: number, { chalk, severity }: Style): string[] {
  const { status, headline } = report.verdict;
  const worst = causesOf(report)[0]?.severity;
  const badge =
    status === 'inconclusive' ? 'UNKNOWN' : worst === 'error' ? 'FAIL' : worst === 'warning' ? 'WARN' : 'OK';
  const paint =
    badge === 'OK'
      ? chalk.green
      : badge === 'FAIL'
        ? (text: string) => severity('error', text)
        : (text: string) => severity('warning', text);
  const indent = ' '.repeat(badge.length + 2);
  const lines = wrap(headline, width - indent.length);
  return [
    ...lines.map((line, i) =>
      i === 0 ? `${paint(chalk.bold(badge))}  ${chalk.bold(line)}` : indent + chalk.bold(line),
    ),
    ...wrap(`${summaryOf(report)} ${judgedOf(report)}`, width - indent.length).map(
      line => indent + chalk.dim(line),
    ),
  ];
}

function summaryOf({ checks, verdict }: Report): string {
  const of = (outcome: Check['outcome']) => checks.filter(check => check.outcome === outcome);
  const causes = of('failed').filter(check => verdict.causes.includes(check.id));
  const graded = (severity: Severity, noun: string) => {
    const number = causes.filter(check => check.severity === severity).length;
    return number === 0 ? [] : [plural(number, noun)];
  };
  const folded = of('failed').length - causes.length;
  const crashed = of('crashed').length;
  return `${[
    ...graded('error', 'error'),
    ...graded('warning', 'warning'),
    ...graded('info', 'notice'),
    ...(folded > 0 ? [`${plural(folded, 'symptom')} of these`] : []),
    ...(crashed > 0 ? [`${crashed} crashed`] : []),
    `${of('passed').length} passed`,
    `${of('skipped').length} not checked`,
  ].join(', ')}.`;
}

const WHENCE = {
  asked: 'as asked',
  running: 'running',
  installed: 'installed',
  'software-attribute': 'by its SOFTWARE attribute',
  'newest-known': 'the newest known, none was found',
} as const;

function judgedOf({ facts, target }: Report): string {
  const version = facts?.version;
  const judged =
    version?.known === true ? `, coturn ${version.value.version} (${WHENCE[version.value.origin]})` : '';
  return `Looked at: ${target.note ?? target.uri ?? target.host}${judged}.`;
}

/** Skipped is said with its reason, once for all rules that share it; a crash is named. */
function renderUnchecked({ checks }: Report, width: number, { chalk, sign, severity }: Style): string[] {
  const byReason = new Map<string, RuleId[]>();
  for (const check of checks) {
    if (check.outcome !== 'skipped') continue;
    const reason = check.reason ?? 'no reason given';
    byReason.set(reason, [...(byReason.get(reason) ?? []), check.id]);
  }
  const crashed = checks.filter(check => check.outcome === 'crashed');
  return [
    ...crashed.flatMap(check =>
      labelled(sign.failed, `${check.id} crashed: ${check.reason ?? ''}`, width).map(line =>
        severity('error', line),
      ),
    ),
    ...(byReason.size > 0 ? [chalk.dim('Not checked')] : []),
    ...[...byReason]
      .sort(([, a], [, b]) => b.length - a.length)
      .flatMap(([reason, ids]) => {
        const names =
          ids.length > 3 ? `${ids.slice(0, 2).join(', ')} and ${ids.length - 2} more` : ids.join(', ');
        return labelled(`  ${sign.skipped}`, `${reason} ${sign.dash} ${names}`, width, 0).map(line =>
          chalk.dim(line),
        );
      }),
  ];
}

function renderFooter({ verdict, timingsMs, checks }: Report, { chalk }: Style): string[] {
  const [first] = verdict.causes;
  const more = first === undefined ? '' : `More: turnctl explain ${first}   `;
  const crashed = checks.some(check => check.outcome === 'crashed');
  const why = verdict.exitCode === 3 && crashed ? ' (a rule crashed)' : '';
  return [chalk.dim(`${more}exit ${verdict.exitCode}${why}, ${(timingsMs.total / 1000).toFixed(2)} s`)];
}
