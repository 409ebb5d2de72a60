import { nearestKnownRelease } from '../config/versions.ts';
import type { Fact } from '../model/fact.ts';
import type { Facts, VersionFact, WireFact } from '../model/facts.ts';
import type { ServerUri } from '../model/target.ts';
import { EVERY_STEP, type Step } from '../probes/plan.ts';
import type { ProbeSettings } from '../probes/settings.ts';
import { type CredentialOrigins, chooseCredential } from './credential-choice.ts';
import type { Surroundings } from './surroundings.ts';
import { gatherWire } from './wire.ts';

export interface ProbeInput {
  readonly vantage: WireFact['vantage'];
  readonly embedded?: boolean;
  readonly domain?: string | undefined;
  readonly steps?: ReadonlySet<Step> | undefined;
  readonly settings?: ProbeSettings | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly sources: CredentialOrigins;
}

/** Probes with the best credential there is; what it was, as far as its form goes, is a fact too. */
export async function probeWire(
  { net, clock, signal, timeoutMs, onProgress }: Surroundings,
  uris: readonly ServerUri[],
  { vantage, embedded = false, domain, steps = EVERY_STEP, settings, now, sources }: ProbeInput,
): Promise<Pick<Facts, 'wire' | 'credential'>> {
  const credential = chooseCredential(sources, now);
  const wire = await gatherWire(
    net,
    clock,
    {
      uris,
      domain,
      vantage,
      embedded,
      timeoutMs,
      credential: credential.source,
      steps,
      settings,
    },
    signal,
    ({ waitingFor }) => onProgress(`waiting for ${waitingFor}`),
  );
  return { wire, credential: credential.fact };
}

/** What SOFTWARE says, where the server sends it: coturn up to 4.6 by default. */
export function versionOnWire(wire: Fact<WireFact>): VersionFact | undefined {
  if (!wire.known) return undefined;
  const software = wire.value.observations.map(o => ('software' in o ? o.software : undefined)).find(Boolean);
  if (software === undefined || !/^coturn/i.test(software)) return undefined;
  const version = nearestKnownRelease(software);
  return version === null ? undefined : { version, origin: 'software-attribute' };
}
