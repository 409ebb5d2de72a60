import type { AuthSettings } from './auth-settings.ts';

/** How single probes go about it: each has a key of its own, and its defaults where that is absent. */
export interface ProbeSettings {
  readonly auth?: AuthSettings;
}
