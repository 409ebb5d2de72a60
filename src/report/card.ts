import type { ConfigEntry } from '../model/facts.ts';
import type { Finding, Location } from '../model/finding.ts';
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
  const head = `${style.mark(check.severity)} ${check.id}`;
  const place = locationOf(check.findings[0]);
  const gap = width - head.length - check.severity.length - 2 - place.length;
  const title = `${style.severity(check.severity, chalk.bold(head))}  ${style.severity(check.severity, check.severity)}`;
  // A long path goes below, where it can be copied whole.
  const lines =
    gap < 2 ? [title, `  ${chalk.dim(place)}`] : [(title + ' '.repeat(gap) + chalk.dim(place)).trimEnd()];
  const eachOnItsOwn = rule?.meta.enumerates === true;
  const fix = (remedy: string): string[] => labelled('fix', remedy, width).map(line => chalk.green(line));
  const shown = eachOnItsOwn ? check.findings : check.findings.slice(0, MOST_FINDINGS);
  for (const finding of shown) {
    lines.push(...wrap(finding.message, width - 2).map(line => `  ${line}`));
    const entry = entryOf(finding, report);
    if (entry !== undefined) lines.push(...quote(entry, finding.at!, style));
    const shownAbove = `line ${entry?.line}: ${entry?.source.trim()}`;
    if (finding.evidence !== undefined && finding.evidence !== shownAbove) {
      lines.push(...labelled('saw', finding.evidence, width));
    }
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

/** Lines longer than this are not shown: the caret would be nowhere near. */
const LONGEST_LINE = 200;

/** The line that a finding is about. Secrets are masked in the fact already. */
function entryOf({ at }: Finding, { sources }: Report): ConfigEntry | undefined {
  return sources
    .flatMap(({ entries }) => entries)
    .find(
      ({ origin, file, line, source }) =>
        origin === 'file' && file === at?.file && line === at.line && source.length <= LONGEST_LINE,
    );
}

/** The line of the file with a caret under what is wrong. */
function quote({ source, column }: ConfigEntry, at: Location, { chalk }: Style): string[] {
  const number = String(at.line);
  const text = source.trimEnd();
  const from = at.column ?? column;
  const to = at.endColumn ?? Math.max(from + 1, text.length + 1);
  const caret = ' '.repeat(Math.max(0, from - 1)) + '^'.repeat(Math.max(1, to - from));
  return [
    chalk.dim(`    ${number} | `) + text,
    chalk.dim(`    ${' '.repeat(number.length)} | `) + chalk.yellow(caret),
  ];
}
