import type { ExposedFault } from '../config/release-faults.ts';
import { affectedReleases } from '../config/release-faults.ts';
import type { ConfigFact, VersionFact } from '../model/facts.ts';
import type { Problem } from '../model/finding.ts';
import { atEntry } from './evidence.ts';

/** A fault of the release, why this configuration meets it, and what helps. */
export function faultProblem(
  { fault, exposure: { because, entry }, severity }: ExposedFault,
  { path }: ConfigFact,
  { version }: VersionFact,
): Problem {
  const where = entry === undefined ? { at: { file: path }, evidence: '' } : atEntry(entry);
  const proof = [`coturn ${version}, affected ${affectedReleases(fault)}`, because, where.evidence];
  const instead = fault.mitigation === null ? '' : `; until then ${fault.mitigation}`;
  return {
    message: `In coturn ${version} ${fault.what}`,
    ...where,
    evidence: proof.filter(text => text !== '').join('; '),
    remedy: `Upgrade to coturn ${fault.fixed} or later${instead}.`,
    severity,
  };
}
