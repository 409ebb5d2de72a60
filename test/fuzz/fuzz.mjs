// Looks for inputs that crash, hang or fill memory. Findings become regression tests: test/fixtures/fuzz/<target>-<hash>.
//   npm run fuzz -- [--minutes 20] [--target capture|codec|conf|uri] [--seed N]
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

const STUCK_MS = 10_000;
const MAX_HEAP_MB = 256;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true, default: ['codec', 'conf', 'uri'] },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
  },
});
const repository = fileURLToPath(new URL('../..', import.meta.url));
const findings = join(repository, 'test/fixtures/fuzz');
const folder = mkdtempSync(join(tmpdir(), 'turnctl-fuzz-'));
const workerFile = join(folder, 'worker.mjs');

try {
  await build({
    entryPoints: [join(repository, 'test/fuzz/worker.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: workerFile,
  });
  let found = 0;
  for (const target of values.target) found += await fuzz(target, Number(values.seed));
  process.exitCode = found > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

/** Resolves to the number of findings. A worker that is stuck or out of memory is one, and ends the target's run. */
async function fuzz(target, seed) {
  const progress = new Int32Array(new SharedArrayBuffer(8));
  const current = new Uint8Array(new SharedArrayBuffer(65_536));
  const until = Date.now() + Number(values.minutes) * 60_000;
  console.log(`${target}: seed ${seed}, ${values.minutes} minutes`);
  const worker = new Worker(workerFile, {
    workerData: { repository, target, seed, until, progress, current },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  let found = 0;
  const report = (problem, input) => {
    found++;
    mkdirSync(findings, { recursive: true });
    const name = `${target}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`;
    writeFileSync(join(findings, name), input);
    console.log(`${target}: test/fixtures/fuzz/${name} after ${progress[0]} inputs: ${problem}`);
  };
  const underWay = () => current.slice(0, progress[1]);

  let last = { inputs: -1, cpu: process.cpuUsage() };
  const watch = setInterval(() => {
    const { user, system } = process.cpuUsage(last.cpu);
    // A machine that stands still, or gives its time to others, says nothing about the input.
    const wasBusy = (user + system) / 1000 > STUCK_MS / 2;
    if (progress[0] === last.inputs && wasBusy) {
      report(`an input is not done after ${STUCK_MS} ms`, underWay());
      worker.terminate();
    }
    last = { inputs: progress[0], cpu: process.cpuUsage() };
  }, STUCK_MS);
  worker.on('message', ({ problem, input }) => report(problem, input));
  worker.on('error', error => report(String(error.stack ?? error), underWay()));
  await new Promise(resolve => worker.once('exit', resolve));
  clearInterval(watch);
  const residentMb = Math.round(process.memoryUsage().rss / 2 ** 20);
  console.log(`${target}: ${progress[0]} inputs, ${found} findings, ${residentMb} MB resident at the end`);
  return found;
}
