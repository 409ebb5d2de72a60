import type { Host } from '../host/host.ts';
import type { Clock, Net } from '../net/net.ts';

/** The world as a run sees it, and how long it may take. */
export interface Surroundings {
  readonly host: Host;
  readonly net: Net;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Set where `host` is another machine than the one the wire is seen from. */
  readonly remote?: { readonly address: string | null } | undefined;
  /** What is being waited for, in words. */
  readonly onProgress: (text: string) => void;
}
