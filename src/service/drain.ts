import { isAtLeast } from '../config/versions.ts';
import { countAllocations } from '../facts/relay-sockets.ts';
import { orNull } from '../host/attempt.ts';
import type { VersionFact } from '../model/facts.ts';
import { observed } from '../model/observation.ts';
import type { ServiceAction } from '../model/service-state.ts';
import { runProbes } from '../probes/run.ts';
import { plural } from '../util/text.ts';
import { command, type Operating, pause } from './operating.ts';
import { restart } from './restart.ts';

const COMMAND_MS = 10_000;
const EVERY_MS = 500;
const PROBE_MS = 2000;

/** SIGUSR1 drains from this release on; before, it kills the process (seen with 4.6.1 and 4.18.0). */
export const DRAINS_SINCE = '4.6.3';

export interface DrainOptions {
  readonly argv: readonly string[];
  readonly deadlineMs: number;
  readonly afterwards: 'restart' | 'stop' | 'nothing';
  readonly allocations: number;
}

type Drained = Extract<ServiceAction, { kind: 'drain' }>;

/** Why this coturn cannot be drained; undefined when it can. Only what the running program says counts, not `--as-version`. */
export function drainProblem({ version, origin }: VersionFact): string | undefined {
  if (origin !== 'running')
    return 'the version of the running coturn is not known, and one before 4.6.3 dies of the signal that drains';
  if (!isAtLeast(version, DRAINS_SINCE))
    return `coturn ${version} dies of SIGUSR1, the signal that drains from ${DRAINS_SINCE} on`;
  return undefined;
}

/** Takes no new allocation, waits until the last one is gone or time is up, then does what was asked for. */
export async function drain(
  operating: Operating,
  options: DrainOptions,
): Promise<Drained | { problem: string }> {
  const { clock, signal, service, control, onProgress } = operating;
  const { argv, deadlineMs, afterwards, allocations } = options;
  const startedMs = clock.monotonic();
  const problem = await command(operating, argv, COMMAND_MS);
  if (problem !== undefined) return { problem };
  const refusesNew = await refusesAllocations(operating);
  let left = allocations;
  for (;;) {
    left = await remaining(operating, left);
    const leftMs = deadlineMs - (clock.monotonic() - startedMs);
    if (left === 0 || leftMs <= 0 || signal.aborted) break;
    onProgress(
      `draining ${service.name}: ${plural(left, 'allocation')} left, ${Math.ceil(leftMs / 1000)} s to go`,
    );
    await pause(operating, Math.min(EVERY_MS, leftMs));
  }
  const drained = {
    kind: 'drain' as const,
    refusesNew,
    allocationsBefore: allocations,
    allocationsLeft: left,
    drainedMs: Math.round(clock.monotonic() - startedMs),
    deadlineReached: left > 0,
    afterwards,
  };
  if (signal.aborted || afterwards === 'nothing') return { ...drained, gap: null, up: null };
  if (afterwards === 'stop') {
    const failed = await command(operating, control.stop(service), operating.patienceMs);
    return failed === undefined ? { ...drained, gap: null, up: false } : { problem: failed };
  }
  const { up, gap } = await restart(operating);
  return { ...drained, gap, up };
}

/** How many are left; none when the process is gone, which ends by itself after the last one. */
async function remaining({ host, service, settings }: Operating, before: number): Promise<number> {
  if ((await orNull(() => host.status(`/proc/${service.mainPid}`))) === null) return 0;
  const counted = await countAllocations(host, service.mainPid, settings);
  return counted.known ? counted.value : before;
}

/** Whether an Allocate is refused with 403, which coturn says only to who has credentials. */
async function refusesAllocations({
  net,
  clock,
  signal,
  targets,
  credential,
}: Operating): Promise<boolean | null> {
  const [first] = targets;
  if (credential === undefined || first === undefined) return null;
  const observations = await runProbes(net, clock, {
    uris: [first],
    steps: new Set(['turn-allocate']),
    credential,
    timeoutMs: PROBE_MS,
    signal,
  });
  const answers = observed(observations, 'turn-allocate');
  const refused = answers.some(
    ({ outcome, ...more }) => outcome === 'error-response' && 'code' in more && more.code === 403,
  );
  return refused ? true : answers.some(({ outcome }) => outcome === 'allocated') ? false : null;
}
