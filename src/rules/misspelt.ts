import { isKnown, nearestNames } from '../config/directives.ts';
import type { ConfigEntry, ConfigFact } from '../model/facts.ts';

/** The first line that coturn drops although it was meant to set one of these options, and which one. */
export function misspelt(
  config: ConfigFact,
  version: string,
  options: readonly string[],
): { readonly entry: ConfigEntry; readonly meant: string } | null {
  for (const entry of config.entries) {
    if (isKnown(entry.name, version)) continue;
    const name = entry.name.replace(/^\ufeff/, '');
    const [nearest] = nearestNames(name, version);
    const meant = options.find(option => option === name || option === nearest);
    if (meant !== undefined) return { entry, meant };
  }
  return null;
}
