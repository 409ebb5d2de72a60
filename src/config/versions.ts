import { oncePerKey } from '../util/once.ts';

/** The coturn releases whose behaviour is known here, oldest first. */
export const RELEASES = [
  '4.5.1.1',
  '4.5.1.2',
  '4.5.1.3',
  '4.5.2',
  '4.6.0',
  '4.6.1',
  '4.6.2',
  '4.6.3',
  '4.7.0',
  '4.8.0',
  '4.9.0',
  '4.10.0',
  '4.11.0',
  '4.12.0',
  '4.13.0',
  '4.13.1',
  '4.14.0',
  '4.15.0',
  '4.16.0',
  '4.17.0',
  '4.17.1',
  '4.17.2',
  '4.18.0',
] as const;

export const OLDEST_RELEASE = '4.5.1.1';
export const NEWEST_RELEASE = '4.18.0';

/** Below zero when `a` is the older release. Numbers count, missing parts are 0, a packager's suffix (`-1ubuntu4`) does not count. */
export function compareVersions(a: string, b: string): number {
  const x = numbers(a);
  const y = numbers(b);
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Few versions are compared, and each of them with every line of a file. */
const numbers = oncePerKey(
  (version: string): readonly number[] => upstreamVersion(version)?.split('.').map(Number) ?? [],
);

/** The dotted number in `Coturn-4.6.1 'Gorst'`, `4.6.1-1ubuntu4`, `1:4.6.1+dfsg`; null when there is none. */
export function upstreamVersion(text: string): string | null {
  return /(?:^|[^\d.])(\d+(?:\.\d+){1,4})/.exec(text)?.[1] ?? null;
}

/** Whether `version` is `release` or later. */
export const isAtLeast = (version: string, release: string): boolean =>
  compareVersions(version, release) >= 0;

/** The newest known release that is not newer than this version (the oldest for older ones); null without a number. */
export function nearestKnownRelease(text: string): string | null {
  if (upstreamVersion(text) === null) return null;
  return RELEASES.findLast(release => isAtLeast(text, release)) ?? OLDEST_RELEASE;
}

/** A value that holds from a release on, until the next entry; the first entry holds for everything older as well. */
export interface FromRelease<T> {
  readonly since: string;
  readonly value: T;
}

/** The value in force at a version. The list is sorted, oldest first, and not empty. */
export function valueAt<T>(history: readonly FromRelease<T>[], version: string): T {
  for (let i = history.length - 1; i > 0; i--) {
    if (isAtLeast(version, history[i]!.since)) return history[i]!.value;
  }
  return history[0]!.value;
}

/** The releases that an upgrade passes, the new one included and the present one not, oldest first. */
export const releasesBetween = (from: string, to: string): readonly string[] =>
  RELEASES.filter(release => !isAtLeast(from, release) && isAtLeast(to, release));
