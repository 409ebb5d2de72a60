import type { ConfigFact } from '../model/facts.ts';
import type { UpgradeChange } from '../model/upgrade.ts';
import type { Surroundings } from './release-faults.ts';
import { settingsOf } from './settings.ts';
import { behaviourChanges } from './upgrade-behaviours.ts';
import { faultChanges } from './upgrade-faults.ts';
import { lineChanges } from './upgrade-lines.ts';
import { peerChanges } from './upgrade-peers.ts';
import { startChanges } from './upgrade-start.ts';
import { isAtLeast } from './versions.ts';

/** What an upgrade from one release to a newer one changes for this configuration; nothing where it is none. */
export function upgradeChanges(
  config: Pick<ConfigFact, 'entries'>,
  from: string,
  to: string,
  surroundings: Surroundings,
): UpgradeChange[] {
  if (isAtLeast(from, to)) return [];
  const [before, after] = [settingsOf(config, from), settingsOf(config, to)];
  return [
    ...startChanges(config, from, to),
    ...lineChanges(config.entries, from, to),
    ...peerChanges(before, after, surroundings),
    ...behaviourChanges(before, after),
    ...faultChanges(before, after, surroundings),
  ];
}
