import type { ConfigFact, VersionFact } from '../model/facts.ts';
import type { RuleId } from '../model/finding.ts';
import type { Check } from '../model/report.ts';
import { cleanBytes } from './clean-bytes.ts';
import { correctName } from './correct-name.ts';
import { deleteLine } from './delete-line.ts';
import { dropQuotes } from './drop-quotes.ts';
import { dropSemicolon } from './drop-semicolon.ts';
import type { Fix, PlannedFix, Safety } from './fix.ts';
import { HOST_EDITS, type Site } from './host-edits.ts';
import { moveComment } from './move-comment.ts';
import { splitPortRange } from './split-port-range.ts';
import { writeRange } from './write-range.ts';

const FIXES: readonly Fix[] = [
  ...cleanBytes,
  moveComment,
  dropSemicolon,
  dropQuotes,
  writeRange,
  correctName,
  splitPortRange,
  ...deleteLine,
];

const rulesOf = (fixes: readonly Fix[]) =>
  new Map(fixes.flatMap(fix => fix.rules.map(rule => [rule, fix] as const)));

const byRule = rulesOf(FIXES);
const byRuleOnHost = rulesOf([...FIXES, ...HOST_EDITS]);

/** Whether and how safely `lint --fix` can mend what a rule finds; undefined when it cannot. */
export const fixability = (rule: RuleId): Safety | 'either' | undefined => byRule.get(rule)?.safety;

export interface FixOfFinding extends PlannedFix {
  readonly rule: RuleId;
  readonly line: number | undefined;
}

/**
 * What can be mended of what was found, in the order of the checks. Symptoms wait for their cause: another round of
 * judging shows what is left of them. With `site`, what the host decides as well.
 */
export function planFixes(
  checks: readonly Check[],
  config: ConfigFact,
  version: VersionFact,
  site?: Site,
): FixOfFinding[] {
  const ofFile = config.entries.filter(({ origin }) => origin === 'file');
  const entries = new Map(ofFile.map(entry => [entry.line, entry]));
  // Whatever is changed in a line that coturn reads as two also moves the place where it is cut.
  for (const { line, overflow } of ofFile) if (overflow) entries.delete(line);
  const fixes = site === undefined ? byRule : byRuleOnHost;
  const context = {
    ...(site === undefined ? {} : { site }),
    config,
    version,
    entryOf: ({ at }: { readonly at?: { readonly line?: number } }) =>
      at?.line === undefined ? undefined : entries.get(at.line),
  };
  return checks.flatMap(check => {
    const fix = fixes.get(check.id);
    if (fix === undefined || check.outcome !== 'failed' || check.explainedBy !== undefined) return [];
    return check.findings.flatMap(finding => {
      const planned = fix.plan(finding, context);
      return planned === null ? [] : [{ ...planned, rule: check.id, line: finding.at?.line }];
    });
  });
}

/**
 * Fixes that do not touch each other: one a line, or a single one for the whole file. Of those that need judgement only
 * what `decided` says.
 */
export function compatible(
  fixes: readonly FixOfFinding[],
  decided: (rule: RuleId) => boolean = () => false,
): FixOfFinding[] {
  const safe = fixes.filter(({ safety, rule }) => safety === 'safe' || decided(rule));
  const wholeFile = safe.find(fix => fix.wholeFile);
  if (wholeFile !== undefined) return [wholeFile];
  const lines = new Set<number | undefined>();
  return safe.filter(({ line }) => !lines.has(line) && lines.add(line));
}
