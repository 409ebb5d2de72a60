import { settingsOf } from '../config/settings.ts';
import type { ConfigFact, VersionFact, WireFact } from '../model/facts.ts';
import type { Problem } from '../model/finding.ts';
import { type AllocateObservation, observed } from '../model/observation.ts';
import type { RuleResult } from '../model/rule.ts';
import { atEntry } from './evidence.ts';
import { wireEvidence } from './wire-evidence.ts';

interface QuotaFacts {
  readonly config?: ConfigFact | undefined;
  readonly version?: VersionFact | undefined;
  readonly wire?: WireFact | undefined;
}

/** A quota below what is needed in the file, and 486 (Allocation Quota Reached) on the wire. 0 is no quota. */
export function quotaProblems(
  option: 'user-quota' | 'total-quota',
  enough: number,
  consequence: string,
  { config, version, wire }: QuotaFacts,
): RuleResult {
  const reached = observed(wire?.observations ?? [], 'turn-allocate').find(isQuotaReached);
  if (config === undefined || version === undefined) {
    if (reached === undefined) return [];
    return { skip: `a quota is reached (486), but without the configuration it is not known which` };
  }
  const settings = settingsOf(config, version.version);
  const quota = settings.number(option);
  const entry = settings.deciding(option);
  if (entry === undefined || quota === 0) return [];
  const problem: Problem = {
    message: `${option}=${quota} ${consequence}`,
    ...atEntry(entry),
  };
  if (reached !== undefined) {
    // With both quotas set the answer does not say which one was reached; the smaller is reached first by one user.
    return [{ ...problem, evidence: `${problem.evidence}; ${wireEvidence(reached)}` }];
  }
  return quota < enough ? [problem] : [];
}

const isQuotaReached = (o: AllocateObservation): boolean => o.outcome === 'error-response' && o.code === 486;
