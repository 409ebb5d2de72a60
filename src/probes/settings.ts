import type { AuthSettings } from './auth-settings.ts';
import type { LoadSettings } from './load.ts';
import type { NatSettings } from './nat-behaviour.ts';
import type { SeriesSettings } from './stun-series.ts';
import type { RelaySettings } from './trials/settings.ts';

/** How single probes go about it: each has a key of its own, and its defaults where that is absent. */
export interface ProbeSettings {
  readonly auth?: AuthSettings;
  readonly load?: LoadSettings;
  readonly nat?: NatSettings;
  readonly peers?: {
    /** Send a datagram through the relay to sockets of our own. */
    readonly active: boolean;
  };
  readonly relay?: RelaySettings;
  readonly series?: SeriesSettings;
}
