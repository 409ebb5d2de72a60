import { isAtLeast, NEWEST_RELEASE, nearestKnownRelease, RELEASES } from '../config/versions.ts';
import { gatherVersion } from '../facts/version.ts';
import type { Host } from '../host/host.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { UpgradeFact, VersionFact } from '../model/facts.ts';
import { UsageError } from './usage-error.ts';

/** `--as-version` as a fact. @throws {UsageError} when coturn never had, and nothing near, such a release */
export const askedVersion = (asked: string): VersionFact => ({
  version: releaseNamed(asked, '--as-version'),
  origin: 'asked',
});

/** `--upgrade-to` as a fact, when it was asked. @throws {UsageError} for no release, and for one that is not newer */
export function upgradeAsked(asked: string | undefined, { version, origin }: VersionFact): Fact<UpgradeFact> {
  if (asked === undefined) return unknown('no upgrade was asked about (--upgrade-to)');
  const to = releaseNamed(asked, '--upgrade-to');
  if (!isAtLeast(version, to)) return known({ to });
  throw new UsageError(
    `--upgrade-to ${asked} is not newer than ${version}`,
    origin === 'newest-known'
      ? 'No coturn was found here: say with --as-version which one is to be upgraded.'
      : 'The present release is the one found here, or that of --as-version.',
  );
}

function releaseNamed(asked: string, flag: string): string {
  const version = nearestKnownRelease(asked);
  if (version !== null) return version;
  throw new UsageError(
    `${flag} ${asked} is no coturn release`,
    `Known: ${RELEASES[0]} to ${NEWEST_RELEASE}.`,
  );
}

export const NEWEST: VersionFact = { version: NEWEST_RELEASE, origin: 'newest-known' };

/** The version asked for, else the one installed on this host, else the newest known. */
export async function versionToJudgeBy(asked: string | undefined, host: Host): Promise<VersionFact> {
  if (asked !== undefined) return askedVersion(asked);
  const found = await gatherVersion(host, { processes: [], byReading: true });
  return found.known ? found.value : NEWEST;
}
