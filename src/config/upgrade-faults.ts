import type { UpgradeChange } from '../model/upgrade.ts';
import { listed } from '../util/text.ts';
import { ADVISORIES, DEFECTS } from './advisories.ts';
import { type ExposedFault, exposedFaults, type Surroundings } from './release-faults.ts';
import type { Settings } from './settings.ts';

/** Faults that this configuration meets with one of the two releases and not with the other. */
export function faultChanges(before: Settings, after: Settings, surroundings: Surroundings): UpgradeChange[] {
  const all = [...ADVISORIES, ...DEFECTS];
  const [had, has] = [exposedFaults(all, before, surroundings), exposedFaults(all, after, surroundings)];
  const closed = without(had, has);
  return [
    ...without(has, had).map(opened(after.version)),
    ...(closed.length === 0
      ? []
      : [
          {
            kind: 'improves' as const,
            since: after.version,
            what: `faults that this configuration is open to are mended: ${listed(closed.map(({ fault }) => fault.id))}`,
          },
        ]),
  ];
}

const without = (faults: readonly ExposedFault[], others: readonly ExposedFault[]): ExposedFault[] =>
  faults.filter(({ fault }) => !others.some(other => other.fault === fault));

/** A fault that the newer release brings: it can be left out by going further, or by an option. */
const opened =
  (to: string) =>
  ({ fault, exposure: { because, entry }, severity }: ExposedFault): UpgradeChange => ({
    kind: severity === 'error' ? 'breaks' : 'exposes',
    since: fault.since ?? to,
    what: `${fault.what} (${fault.id}; ${because})`,
    ...(entry === undefined ? {} : { entry, option: entry.name }),
    remedy: `Upgrade to ${fault.fixed} or later${fault.mitigation === null ? '' : `, or ${fault.mitigation}`}.`,
  });
