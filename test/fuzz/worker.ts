import { parentPort, workerData } from 'node:worker_threads';
import { mutant } from './mutate.ts';
import { randomFrom } from './random.ts';
import { fuzzTargets } from './targets.ts';

/** What the main thread watches: it sees an input that never ends, or one that takes all memory. */
interface Work {
  readonly repository: string;
  readonly target: string;
  readonly seed: number;
  readonly until: number;
  /** Inputs begun, and the size of the one under way. */
  readonly progress: Int32Array;
  readonly current: Uint8Array;
}

const { repository, target: name, seed, until, progress, current }: Work = workerData;
const target = fuzzTargets(repository).find(candidate => candidate.name === name);
if (!target) throw new Error(`no target ${name}: codec, conf and uri are known`);

const random = randomFrom(seed);
const reported = new Set<string>();
while (Date.now() < until) {
  const input = mutant(target.corpus, target.words, random);
  current.set(input);
  progress[1] = input.length;
  Atomics.add(progress, 0, 1);
  const problem = problemWith(input);
  // One input for each kind of problem is enough to work on.
  const kind = problem?.replace(/\d+/g, 'N').slice(0, 60);
  if (problem === undefined || kind === undefined || reported.has(kind)) continue;
  reported.add(kind);
  parentPort?.postMessage({ problem, input });
}

function problemWith(input: Uint8Array): string | undefined {
  try {
    const slow = target!.steps.findIndex(step => isSlow(() => step(input)));
    return slow < 0
      ? undefined
      : `step ${slow} takes more than ${target!.slowMs} ms for ${input.length} bytes`;
  } catch (error) {
    return String((error as Error).stack ?? error);
  }
}

/** By the processor's time, as this machine has other work, and only what is slow every time. */
function isSlow(step: () => void): boolean {
  for (let tries = 0; tries < 5; tries++) {
    const start = process.cpuUsage();
    step();
    const { user, system } = process.cpuUsage(start);
    if ((user + system) / 1000 <= target!.slowMs) return false;
  }
  return true;
}
