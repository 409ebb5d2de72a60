import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

test('no type error, in the sources or the tests', { timeout: 120_000 }, () => {
  const { stdout, status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
