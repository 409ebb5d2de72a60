import { type Settings, settingsOf } from '../config/settings.ts';
import type { ConfigFact, VersionFact, WireFact } from '../model/facts.ts';
import type { Problem } from '../model/finding.ts';
import { observed } from '../model/observation.ts';
import { atEntry } from './evidence.ts';
import { wireEvidence } from './wire-evidence.ts';

type Quota = 'user-quota' | 'total-quota';

/** What is wrong with a quota in force: too small for anybody, or reached on the wire. 0 is no quota. */
export function quotaProblem(
  option: Quota,
  enough: number,
  consequence: string,
  settings: Settings,
  reached: string | undefined,
): Problem | null {
  const quota = settings.number(option);
  const entry = settings.deciding(option);
  if (entry === undefined || quota === 0 || (quota >= enough && reached === undefined)) return null;
  const base = atEntry(entry);
  return {
    message: `${option}=${quota} ${consequence}`,
    ...base,
    evidence: reached === undefined ? base.evidence : `${base.evidence}; ${reached}`,
  };
}

/** The answer 486 (Allocation Quota Reached) to an Allocate, as evidence. It does not say which quota it was. */
export function quotaReached(wire: WireFact | undefined): string | undefined {
  const refused = observed(wire?.observations ?? [], 'turn-allocate').find(
    o => o.outcome === 'error-response' && o.code === 486,
  );
  return refused && wireEvidence(refused);
}

export const settingsIfKnown = (
  config: ConfigFact | undefined,
  version: VersionFact | undefined,
): Settings | null =>
  config === undefined || version === undefined ? null : settingsOf(config, version.version);
