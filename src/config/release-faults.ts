import type { ConfigEntry } from '../model/facts.ts';
import type { Severity } from '../model/finding.ts';
import { oncePerKey, oncePerObject } from '../util/once.ts';
import type { Settings } from './settings.ts';
import { isAtLeast } from './versions.ts';

/** Why a configuration is hit by a fault of its release. */
export interface Exposure {
  /** As the end of "…, because". */
  readonly because: string;
  readonly entry?: ConfigEntry | undefined;
  /** Only where the configuration makes it worse. */
  readonly severity?: Severity;
}

/** What the settings alone do not say. */
export interface Surroundings {
  /** Whether clients can get IPv6 relayed addresses; null when it is not known. */
  readonly relaysIpv6: boolean | null;
}

/** A fault of some releases, and which configurations it hits. */
export interface ReleaseFault {
  /** CVE or GHSA; an issue of coturn's where nobody asked for a number. */
  readonly id: string;
  readonly alias?: string;
  /** The first release that has it; absent where every known one before `fixed` does. */
  readonly since?: string;
  readonly fixed: string;
  /** What it gives away, as a sentence without its stop. */
  readonly what: string;
  /** What helps without an upgrade; null where nothing does. */
  readonly mitigation: string | null;
  /** `info` where the configuration can do nothing about it, or hardly anybody can use it. */
  readonly severity: Severity;
  readonly exposure: (settings: Settings, surroundings: Surroundings) => Exposure | null;
}

/** Whether the release has the fault. */
export const hasFault = ({ since, fixed }: ReleaseFault, version: string): boolean =>
  (since === undefined || isAtLeast(version, since)) && !isAtLeast(version, fixed);

/** `before 4.13.0`, `4.9.0 to before 4.13.0`. */
export const affectedReleases = ({ since, fixed }: ReleaseFault): string =>
  since === undefined ? `before ${fixed}` : `${since} to before ${fixed}`;

export interface ExposedFault {
  readonly fault: ReleaseFault;
  readonly exposure: Exposure;
  readonly severity: Severity;
}

/** The faults of this release that this configuration is open to. */
export const exposedFaults = (
  faults: readonly ReleaseFault[],
  settings: Settings,
  surroundings: Surroundings,
): ExposedFault[] =>
  faultsAt(faults)(settings.version).flatMap(fault => {
    const exposure = fault.exposure(settings, surroundings);
    return exposure === null ? [] : [{ fault, exposure, severity: exposure.severity ?? fault.severity }];
  });

const faultsAt = oncePerObject((faults: readonly ReleaseFault[]) =>
  oncePerKey((version: string) => faults.filter(fault => hasFault(fault, version))),
);
