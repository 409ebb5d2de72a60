import { isKnown, nearestNames } from '../config/directives.ts';
import type { ConfigEntry, ConfigFact } from '../model/facts.ts';

interface Misspelling {
  readonly entry: ConfigEntry;
  readonly name: string;
  readonly nearest: string | undefined;
}

/** The first line that coturn drops although it was meant to set one of these options, and which one. */
export function misspelt(
  config: ConfigFact,
  version: string,
  options: readonly string[],
): { readonly entry: ConfigEntry; readonly meant: string } | null {
  for (const { entry, name, nearest } of misspellings(config, version)) {
    const meant = options.find(option => option === name || option === nearest);
    if (meant !== undefined) return { entry, meant };
  }
  return null;
}

/** Facts do not change, and several rules ask. */
const answers = new WeakMap<
  ConfigFact,
  { readonly version: string; readonly found: readonly Misspelling[] }
>();

function misspellings(config: ConfigFact, version: string): readonly Misspelling[] {
  const before = answers.get(config);
  if (before?.version === version) return before.found;
  const found = config.entries
    .filter(entry => !isKnown(entry.name, version))
    .map(entry => {
      const name = entry.name.replace(/^\ufeff/, '');
      return { entry, name, nearest: nearestNames(name, version)[0] };
    })
    .filter(({ name, nearest }) => nearest !== undefined || isKnown(name, version));
  answers.set(config, { version, found });
  return found;
}
