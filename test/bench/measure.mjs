// Runs programs and tells how long they took and what they used.
import { spawnSync } from 'node:child_process';

/** Seconds, standard output and peak RSS of one run of node, the latter from the process itself. */
export function runNode(argv, env = {}) {
  const report = `process.on('exit',()=>process.stderr.write('\\nRSS '+process.resourceUsage().maxRSS))`;
  const hook = `data:text/javascript,${encodeURIComponent(report)}`;
  const start = process.hrtime.bigint();
  const result = spawnSync(process.execPath, ['--import', hook, ...argv], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
  });
  if (result.status !== 0)
    throw new Error(`${argv.join(' ')} ended with ${result.status}\n${result.stderr}${result.stdout}`);
  return {
    seconds: Number(process.hrtime.bigint() - start) / 1e9,
    megabytes: Number(/RSS (\d+)/.exec(result.stderr)?.[1]) / 1024,
    stdout: result.stdout,
  };
}

/** The middle value. */
export const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
