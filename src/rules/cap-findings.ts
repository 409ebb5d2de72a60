import type { Finding } from '../model/finding.ts';
import type { Check } from '../model/report.ts';
import { groupedBy } from '../util/grouped.ts';

/** One mistake in a generated file repeats by the thousand; more than these of one rule in one file help nobody. */
const MOST_FINDINGS = 500;

/** Keeps reports readable for programs too: where findings of a file are left out, a last one says how many. */
export const capFindings = (checks: readonly Check[]): Check[] =>
  checks.map(check =>
    check.findings.length <= MOST_FINDINGS ? check : { ...check, findings: capped(check.findings) },
  );

function capped(findings: readonly Finding[]): Finding[] {
  const byFile = groupedBy(findings, ({ at }) => at?.file);
  return [...byFile].flatMap(([file, ofFile]) => {
    const more = ofFile.length - MOST_FINDINGS;
    if (more <= 0) return ofFile;
    const last: Finding = {
      message: `and ${more} more like these`,
      severity: ofFile[0]!.severity,
      ...(file === undefined ? {} : { at: { file } }),
    };
    return [...ofFile.slice(0, MOST_FINDINGS), last];
  });
}
