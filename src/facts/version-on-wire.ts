import { nearestKnownRelease } from '../config/versions.ts';
import type { Fact } from '../model/fact.ts';
import type { VersionFact, WireFact } from '../model/facts.ts';

/** What SOFTWARE says, where the server sends it: coturn up to 4.6 by default. */
export function versionOnWire(wire: Fact<WireFact>): VersionFact | undefined {
  if (!wire.known) return undefined;
  const software = wire.value.observations.map(o => ('software' in o ? o.software : undefined)).find(Boolean);
  if (software === undefined || !/^coturn/i.test(software)) return undefined;
  const version = nearestKnownRelease(software);
  return version === null ? undefined : { version, origin: 'software-attribute' };
}
