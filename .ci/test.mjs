// Every test, on a fresh clone too. Arguments go on to vitest; the last line is the count.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setup } from './setup.mjs';

setup();

const folder = mkdtempSync(join(tmpdir(), 'turnctl-test-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const results = join(folder, 'results.json');
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts']
    .concat(['--reporter=default', '--reporter=json', `--outputFile.json=${results}`])
    .concat(process.argv.slice(2)),
  { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...(await newerCoturn()) } },
);
if (existsSync(results)) summarize(JSON.parse(readFileSync(results, 'utf8')));
process.exitCode = status ?? 1;

/** The variable that tells tests where a newer coturn is; without one they are skipped. */
async function newerCoturn() {
  if (process.env.TURNCTL_COTURN_NEWER) return {};
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: ['test/lab/coturn-newer.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const { newerCoturn } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  const found = newerCoturn();
  if (typeof found !== 'string') return { TURNCTL_COTURN_NEWER: found.turnserver };
  console.error(`test: ${found}`);
  return {};
}

function summarize({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  const tests = testResults.flatMap(file => file.assertionResults);
  for (const test of tests.filter(({ status }) => status === 'pending' || status === 'skipped')) {
    console.log(`skipped: ${test.fullName}`);
  }
  // A file that does not load has no tests to fail.
  const broken = testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  );
  const failed = numFailedTests + broken.length;
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
}
