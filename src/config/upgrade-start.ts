import type { ConfigFact } from '../model/facts.ts';
import type { UpgradeChange } from '../model/upgrade.ts';
import { parsePrefix } from '../util/ip.ts';
import { formatIpRange, rangeOfPrefix } from '../util/ip-range.ts';
import { findDirective } from './directives.ts';
import { settingsOf } from './settings.ts';
import { type StartFailure, startFailures } from './start-failure.ts';
import { readPort } from './values.ts';
import { releasesBetween } from './versions.ts';

/** Lines and combinations over which only one of the two releases exits. */
export function startChanges(config: Pick<ConfigFact, 'entries'>, from: string, to: string): UpgradeChange[] {
  const failuresAt = (version: string): StartFailure[] => [...startFailures(settingsOf(config, version))];
  const [before, after] = [failuresAt(from), failuresAt(to)];
  const [known, remaining] = [new Set(before.map(identity)), new Set(after.map(identity))];
  const added = after.filter(failure => !known.has(identity(failure)));
  const gone = before.filter(failure => !remaining.has(identity(failure)));
  if (added.length + gone.length === 0) return [];

  const releases = releasesBetween(from, to).map(release => ({
    release,
    failing: new Set(failuresAt(release).map(identity)),
  }));
  const firstWhere = (fits: (failing: ReadonlySet<string>) => boolean): string =>
    releases.find(({ failing }) => fits(failing))?.release ?? to;
  return [
    ...added.map((failure): UpgradeChange => {
      const since = firstWhere(failing => failing.has(identity(failure)));
      return {
        kind: 'breaks',
        since,
        what: `coturn exits: ${failure.reason}`,
        ...placeOf(failure),
        remedy: remedyOf(failure, from),
      };
    }),
    ...gone.map((failure): UpgradeChange => {
      const since = firstWhere(failing => !failing.has(identity(failure)));
      return {
        kind: 'improves',
        since,
        what: `coturn starts in spite of this: ${failure.reason}`,
        ...placeOf(failure),
      };
    }),
  ];
}

/** The same failure at another release, whatever words describe it. */
const identity = ({ kind, entry }: StartFailure): string =>
  `${kind} ${entry?.origin} ${entry?.line} ${entry?.column} ${entry?.name}`;

const placeOf = ({ entry }: StartFailure): Pick<UpgradeChange, 'entry' | 'option'> =>
  entry === undefined ? {} : { entry, option: entry.name };

/** The line that gives with the newer release what the older one makes of the present one. */
function remedyOf({ kind, entry }: StartFailure, from: string): string {
  const correct = 'Correct the line before the upgrade.';
  if (entry === undefined) return correct;
  const { name } = entry;
  const value = entry.value ?? '';
  if (kind === 'port') {
    const port = readPort(value, from);
    return port === 0 || port === 'fatal'
      ? `Delete the line for the default, or write a number from 0 to 65535.`
      : `Write ${name}=${port}, which is what coturn ${from} makes of it, or the port that was meant.`;
  }
  if (kind === 'peer-range') {
    const prefix = parsePrefix(value);
    return prefix === null
      ? `Write ${name}=FIRST-LAST, or delete the line: coturn ${from} drops it.`
      : `Write ${name}=${formatIpRange(rangeOfPrefix(prefix))}.`;
  }
  if (kind === 'boolean') return `Write ${name} alone to switch it on, or delete the line.`;
  if (kind === 'number') {
    const { min, max } = findDirective(name)!;
    return `Write a number from ${min} to ${max}.`;
  }
  return correct;
}
