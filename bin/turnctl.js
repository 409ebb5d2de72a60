#!/usr/bin/env node
import { readFileSync } from 'node:fs';

const [, , only] = process.argv;
if (process.argv.length === 3 && (only === '--version' || only === '-V')) {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  process.stdout.on('error', ({ code }) => {
    if (code !== 'EPIPE') process.exitCode = 3;
  });
  process.stdout.write(`${JSON.parse(manifest).version}\n`);
} else {
  // Loaded here: the version is known without it.
  const { load } = await import('./load.js');
  process.exitCode = await started(load);
}

function started(load) {
  try {
    return load().run();
  } catch (cause) {
    if (cause.code !== 'ENOENT') throw cause;
    process.stderr.write('turnctl is not built yet. In a checkout: npm ci && npm run build\n');
    return 3;
  }
}
