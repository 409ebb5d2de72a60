import { settingsOf } from '../config/settings.ts';
import type { ConfigEntry, ConfigFact, VersionFact } from '../model/facts.ts';
import type { Problem } from '../model/finding.ts';
import { atEntry } from './evidence.ts';

/** The line that switches a flag on; undefined when the flag is off, or the configuration is not known. */
export function flagInForce(
  option: string,
  config: ConfigFact | undefined,
  version: VersionFact | undefined,
): ConfigEntry | undefined {
  if (config === undefined || version === undefined) return undefined;
  const settings = settingsOf(config, version.version);
  return settings.flag(option) ? settings.deciding(option) : undefined;
}

/** A problem of one line, with what the wire had to say about it behind the line. */
export function problemOf(entry: ConfigEntry, message: string, proof: string | undefined): Problem {
  const base = atEntry(entry);
  return { message, ...base, evidence: proof === undefined ? base.evidence : `${base.evidence}; ${proof}` };
}
