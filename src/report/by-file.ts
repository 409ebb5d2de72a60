import type { Finding } from '../model/finding.ts';
import type { Check, Report } from '../model/report.ts';
import { groupedBy } from '../util/grouped.ts';
import { listed, plural, shortened } from '../util/text.ts';
import { countsBySeverity } from './headline.ts';
import type { Style } from './style.ts';
import { wrap } from './text.ts';

/** A notice in more files than this is said once, after all of them. */
const MOST_FILES = 3;

/** Width of `1234:56`. */
const POSITION = 7;

interface Line {
  readonly check: Check;
  readonly finding: Finding;
}

/** Findings of several files as compilers print theirs: by file, by line, one short paragraph each. */
export function renderByFile(report: Report, width: number, style: Style): string[][] {
  const all = report.checks.flatMap(check => check.findings.map((finding): Line => ({ check, finding })));
  const common = commonNotices(all);
  const rest = groupedBy(
    all.filter(({ finding }) => !common.has(finding.message)),
    ({ finding }) => finding.at?.file,
  );
  const files = report.sources.map(({ path }) => path);
  const clean = files.filter(path => !rest.has(path));
  return [
    ...files.map(path => fileBlock(path, rest.get(path) ?? [], width, style)),
    (rest.get(undefined) ?? []).flatMap(line => paragraph(line, line.finding.message, width, style)),
    commonBlock([...common.values()], width, style),
    clean.length === 0
      ? []
      : [style.chalk.green(shortened(`${style.sign.passed} ${listed(clean)}: nothing else`, width, '...'))],
  ];
}

/** Notices that say the same of many files, most often something about the coturn that judges them. */
function commonNotices(all: readonly Line[]): Map<string, Line[]> {
  const notices = all.filter(({ finding }) => finding.severity === 'info');
  const byMessage = groupedBy(notices, ({ finding }) => finding.message);
  return new Map([...byMessage].filter(([, lines]) => lines.length > MOST_FILES));
}

function commonBlock(groups: readonly (readonly Line[])[], width: number, style: Style): string[] {
  if (groups.length === 0) return [];
  return [
    style.chalk.bold('In many files'),
    ...groups.flatMap(([first, ...others]) => {
      const { check, finding } = first!;
      const { at: _, ...anywhere } = finding;
      const message = `${finding.message} (${plural(others.length + 1, 'file')})`;
      return paragraph({ check, finding: anywhere }, message, width, style);
    }),
  ];
}

function fileBlock(path: string, lines: readonly Line[], width: number, style: Style): string[] {
  if (lines.length === 0) return [];
  const place = ({ finding: { at } }: Line) => (at?.line ?? 0) * 1e5 + (at?.column ?? 0);
  const counts = countsBySeverity(lines.map(({ finding }) => finding)).join(', ');
  return [
    `${style.chalk.bold(path)}  ${style.chalk.dim(counts)}`,
    ...[...lines]
      .sort((a, b) => place(a) - place(b))
      .flatMap(line => paragraph(line, line.finding.message, width, style)),
  ];
}

function paragraph({ check, finding }: Line, message: string, width: number, style: Style): string[] {
  const { line, column } = finding.at ?? {};
  const position = line === undefined ? '' : column === undefined ? `${line}` : `${line}:${column}`;
  const mark = style.mark(finding.severity);
  const text = wrap(`${message} [${check.id}]`, width - POSITION - 6);
  return text.map((words, i) => {
    const isLast = i === text.length - 1;
    const id = isLast ? words.replace(/\[[^\]]*\]$/, tail => style.chalk.dim(tail)) : words;
    const margin = i === 0 ? `  ${position.padStart(POSITION)} ${mark}` : ' '.repeat(POSITION + 4);
    return `${i === 0 ? style.severity(finding.severity, margin) : margin}  ${id}`;
  });
}
