import type { Finding } from '../model/finding.ts';
import type { Check, Report } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { Style } from './style.ts';
import { labelled, wrap } from './text.ts';

/** Further findings of one check are counted, not printed, above this many. */
const MOST_FINDINGS = 4;

export interface CardInput {
  readonly check: Check;
  /** Checks that failed because of this one. */
  readonly symptoms: readonly Check[];
  readonly rule: Rule | undefined;
  readonly report: Report;
  readonly width: number;
}

/** One cause: what, where, the evidence, why it matters, what to do, and the symptoms folded under it. */
export function renderCard({ check, symptoms, rule, report, width }: CardInput, style: Style): string[] {
  const { chalk, sign } = style;
  const mark =
    check.severity === 'error' ? sign.failed : check.severity === 'warning' ? sign.warning : sign.info;
  const head = `${mark} ${check.id}`;
  const place = locationOf(check.findings[0]);
  const gap = Math.max(2, width - head.length - check.severity.length - 2 - place.length);
  const lines = [
    style.severity(check.severity, chalk.bold(head)) +
      `  ${style.severity(check.severity, check.severity)}` +
      (place === '' ? '' : ' '.repeat(gap) + chalk.dim(place)),
  ];
  const eachOnItsOwn = rule?.meta.enumerates === true;
  const fix = (remedy: string): string[] => labelled('fix', remedy, width).map(line => chalk.green(line));
  const shown = eachOnItsOwn ? check.findings : check.findings.slice(0, MOST_FINDINGS);
  for (const finding of shown) {
    lines.push(...wrap(finding.message, width - 2).map(line => `  ${line}`));
    lines.push(...sourceOf(finding, report, style));
    if (finding.evidence !== undefined) lines.push(...labelled('saw', finding.evidence, width));
    if (eachOnItsOwn && finding.remedy !== undefined) lines.push(...fix(finding.remedy));
  }
  if (check.findings.length > shown.length) {
    lines.push(chalk.dim(`  and ${check.findings.length - shown.length} more of the same`));
  }
  if (check.severity === 'error' && rule !== undefined) lines.push(...labelled('why', rule.meta.why, width));
  const remedies = new Set(shown.map(finding => finding.remedy ?? rule?.meta.remedy ?? ''));
  if (!eachOnItsOwn) lines.push(...[...remedies].flatMap(fix));
  for (const symptom of symptoms) {
    const text = `${symptom.id}: ${symptom.findings[0]?.message ?? symptom.title}`;
    lines.push(...labelled(`${sign.arrow} so`, text, width).map(line => chalk.dim(line)));
  }
  return lines;
}

function locationOf(finding: Finding | undefined): string {
  const at = finding?.at;
  if (at === undefined) return '';
  return at.line === undefined ? at.file : `${at.file}:${at.line}`;
}

/** The line of the file with a caret under what is wrong. Secrets are masked in the fact already. */
function sourceOf(finding: Finding, report: Report, { chalk }: Style): string[] {
  const { at } = finding;
  if (at?.line === undefined) return [];
  const entry = report.sources
    .flatMap(({ entries }) => entries)
    .find(({ origin, file, line }) => origin === 'file' && file === at.file && line === at.line);
  if (entry === undefined || entry.source.length > 200) return [];
  const number = String(at.line);
  const from = at.column ?? entry.column;
  const to = at.endColumn ?? Math.max(from + 1, entry.source.trimEnd().length + 1);
  const caret = ' '.repeat(Math.max(0, from - 1)) + '^'.repeat(Math.max(1, to - from));
  return [
    chalk.dim(`    ${number} | `) + entry.source.trimEnd(),
    chalk.dim(`    ${' '.repeat(number.length)} | `) + chalk.yellow(caret),
  ];
}
