import type { AuthSettings } from './auth-settings.ts';
import type { NatSettings } from './nat-behaviour.ts';
import type { SeriesSettings } from './stun-series.ts';
import type { RelaySettings } from './trials/settings.ts';

/** How single probes go about it: each has a key of its own, and its defaults where that is absent. */
export interface ProbeSettings {
  readonly auth?: AuthSettings;
  readonly nat?: NatSettings;
  readonly series?: SeriesSettings;
  readonly relay?: RelaySettings;
}
