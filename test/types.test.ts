import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

// What runs in browsers has types of its own.
test.each(['tsconfig.json', 'src/client/tsconfig.json'])(
  'no type error, in the sources or the tests of %s',
  { timeout: 120_000 },
  project => {
    const argv = ['node_modules/typescript/bin/tsc', '--noEmit', '--project', project];
    const { stdout, status } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  },
);
