// Our reading of random files against real coturn, for a night: npm run differential -- --files 2000 [--seed 1].
// TURNCTL_COTURN_NEWER names a second turnserver. Over the wire it asks about one file in ten.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { files: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/config/differential'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      TURNCTL_DIFFERENTIAL_FILES: values.files,
      TURNCTL_DIFFERENTIAL_WIRE_FILES: String(Math.ceil(Number(values.files) / 10)),
      TURNCTL_DIFFERENTIAL_SEED: values.seed,
    },
  },
);
process.exitCode = status ?? 1;
