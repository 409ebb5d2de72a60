import { compareCertificates } from '../facts/service-state.ts';
import type { TlsFilesFact } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { ServiceAction } from '../model/service-state.ts';
import { runProbes } from '../probes/run.ts';
import { command, type Operating, pause } from './operating.ts';

const EACH_TRY_MS = 2000;
const BETWEEN_MS = 200;
const COMMAND_MS = 10_000;

type Reloaded = Extract<ServiceAction, { kind: 'reload' }>;

/** Lets coturn read certificate and key again, and waits until every TLS listener serves the certificate of the file. */
export async function reload(
  operating: Operating,
  argv: readonly string[],
  files: TlsFilesFact,
): Promise<{ readonly action: Reloaded; readonly problem?: string }> {
  const { clock, signal, before, patienceMs } = operating;
  const sameBefore = servesFile(files, before);
  const startedMs = clock.monotonic();
  const problem = await command(operating, argv, COMMAND_MS);
  const outcome = (loaded: boolean): Reloaded => ({
    ...{ kind: 'reload', loaded, sameBefore },
    waitedMs: Math.round(clock.monotonic() - startedMs),
  });
  if (problem !== undefined) return { action: outcome(false), problem };
  for (;;) {
    const observations = await handshakes(operating);
    if (servesFile(files, observations)) return { action: outcome(true) };
    if (signal.aborted || clock.monotonic() - startedMs >= patienceMs) return { action: outcome(false) };
    await pause(operating, BETWEEN_MS);
  }
}

const handshakes = ({ net, clock, signal, targets, onProgress }: Operating) =>
  runProbes(net, clock, {
    uris: targets.filter(({ transport }) => transport === 'tls'),
    steps: new Set(['tls-handshake']),
    timeoutMs: EACH_TRY_MS,
    signal,
    onEvent: ({ waitingFor }) => onProgress(`waiting for ${waitingFor}`),
  });

/** Whether there was a handshake, and each showed the certificate of the file. */
export function servesFile(files: TlsFilesFact, observations: readonly Observation[]): boolean {
  const compared = compareCertificates(files, observations);
  return (
    compared.known && compared.value.served.length > 0 && compared.value.served.every(({ same }) => same)
  );
}
