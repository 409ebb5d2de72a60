import type { Settings } from '../config/settings.ts';
import type { Host } from '../host/host.ts';
import { HostError } from '../host/host.ts';
import type { ServiceFact } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { ServiceControl } from '../model/service-control.ts';
import type { ServerUri } from '../model/target.ts';
import type { Clock, Net } from '../net/net.ts';
import type { CredentialSource } from '../probes/credential.ts';

/** What is needed to act on a running service, and to see on the wire what came of it. */
export interface Operating {
  readonly host: Host;
  readonly net: Net;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  readonly service: ServiceFact;
  readonly control: ServiceControl;
  readonly settings: Settings;
  readonly targets: readonly ServerUri[];
  readonly credential?: CredentialSource | undefined;
  /** What answered before anything was done. */
  readonly before: readonly Observation[];
  /** How long the service may take to answer again. */
  readonly patienceMs: number;
}

/** Runs a program of the service manager: undefined when it went well, else what it wrote. */
export async function command(
  { host }: Pick<Operating, 'host'>,
  argv: readonly string[],
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs });
    if (exitCode === 0) return undefined;
    return (stderr || stdout).trim() || `${argv.join(' ')} ended with ${exitCode}`;
  } catch (error) {
    if (error instanceof HostError && error.code === 'timed-out') return error.message;
    throw error;
  }
}

/** Waits, or until it is interrupted. */
export const pause = ({ clock, signal }: Pick<Operating, 'clock' | 'signal'>, ms: number): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) return resolve();
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
