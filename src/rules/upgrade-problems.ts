import { settingsOf } from '../config/settings.ts';
import { upgradeChanges } from '../config/upgrade.ts';
import { RELEASES } from '../config/versions.ts';
import type { ConfigFact, UpgradeFact, VersionFact } from '../model/facts.ts';
import type { Problem } from '../model/finding.ts';
import type { UpgradeChange, UpgradeKind } from '../model/upgrade.ts';
import { atEntry } from './evidence.ts';
import { isForeign } from './foreign-syntax.ts';
import { isRendered } from './left-over-text.ts';
import { relaysIpv6 } from './relays-ipv6.ts';

interface Upgrade {
  readonly config: ConfigFact;
  readonly version: VersionFact;
  readonly upgrade: UpgradeFact;
}

/** What the upgrade asked about does of one kind, in the order of the releases that do it. */
export function upgradeProblems(kind: UpgradeKind, { config, version, upgrade }: Upgrade): Problem[] {
  if (isForeign(config)) return [];
  const surroundings = { relaysIpv6: relaysIpv6(settingsOf(config, version.version), undefined) };
  return upgradeChanges(config, version.version, upgrade.to, surroundings)
    .filter(change => change.kind === kind && !(change.entry && isRendered(change.entry)))
    .sort((a, b) => place(a) - place(b))
    .map(change => problemOf(change, config, upgrade));
}

const place = ({ since }: UpgradeChange): number => (RELEASES as readonly string[]).indexOf(since);

function problemOf(
  { since, what, option, entry, remedy }: UpgradeChange,
  { path }: ConfigFact,
  { to }: UpgradeFact,
): Problem {
  const where = entry === undefined ? { at: { file: path }, ...(option && { option }) } : atEntry(entry);
  return {
    message: since === to ? `With ${to}, ${what}` : `From ${since} on, ${what}`,
    ...where,
    ...(remedy === undefined ? {} : { remedy }),
  };
}
