import type { ConfigEntry } from './facts.ts';

/**
 * `breaks`: coturn exits, or something asked for cannot be had any more. `changes`: somebody may have to act. `notes`: hardly
 * anybody has to. `exposes`: a fault or a reachable peer that was not there before. `improves`: nothing to do.
 */
export type UpgradeKind = 'breaks' | 'changes' | 'exposes' | 'notes' | 'improves';

/** One difference that an upgrade makes to one configuration. */
export interface UpgradeChange {
  readonly kind: UpgradeKind;
  /** The first release that behaves so. */
  readonly since: string;
  /** What happens, as the end of "From 4.13.0 on, …". */
  readonly what: string;
  readonly option?: string;
  /** The line or argument it is about; absent where it is about all of them, or about a default. */
  readonly entry?: ConfigEntry;
  /** What to write, or to delete. */
  readonly remedy?: string;
}
