import { isKnown, nearestNames } from '../config/directives.ts';
import type { ConfigEntry, ConfigFact } from '../model/facts.ts';
import { oncePerKey, oncePerObject } from '../util/once.ts';

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
  for (const { entry, name, nearest } of misspellings(config)(version)) {
    const meant = options.find(option => option === name || option === nearest);
    if (meant !== undefined) return { entry, meant };
  }
  return null;
}

const misspellings = oncePerObject((config: ConfigFact) =>
  oncePerKey((version: string): readonly Misspelling[] =>
    config.entries
      .filter(entry => !isKnown(entry.name, version))
      .map(entry => {
        const name = entry.name.replace(/^\ufeff/, '');
        return { entry, name, nearest: nearestNames(name, version)[0] };
      })
      .filter(({ name, nearest }) => nearest !== undefined || isKnown(name, version)),
  ),
);
