import { NEWEST_RELEASE, nearestKnownRelease, RELEASES } from '../config/versions.ts';
import { gatherVersion } from '../facts/version.ts';
import type { Host } from '../host/host.ts';
import type { VersionFact } from '../model/facts.ts';
import { UsageError } from './usage-error.ts';

/** `--as-version` as a fact. @throws {UsageError} when coturn never had, and nothing near, such a release */
export function askedVersion(asked: string): VersionFact {
  const version = nearestKnownRelease(asked);
  if (version === null) {
    throw new UsageError(
      `--as-version ${asked} is no coturn release`,
      `Known: ${RELEASES[0]} to ${NEWEST_RELEASE}.`,
    );
  }
  return { version, origin: 'asked' };
}

export const NEWEST: VersionFact = { version: NEWEST_RELEASE, origin: 'newest-known' };

/** The version asked for, else the one installed on this host, else the newest known. */
export async function versionToJudgeBy(asked: string | undefined, host: Host): Promise<VersionFact> {
  if (asked !== undefined) return askedVersion(asked);
  const found = await gatherVersion(host, { processes: [] });
  return found.known ? found.value : NEWEST;
}
