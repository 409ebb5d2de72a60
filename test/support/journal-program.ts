import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Does the plan of a file: `node PROGRAM PLAN FOLDER`. A third argument kills it: a number before that call of the host,
 * `verifying` when everything is done. With SECONDS in the environment nobody confirms a plan that may cut access.
 */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { apply } from ${JSON.stringify(join(import.meta.dirname, 'journal-run.ts'))};
import { writableLocalHost } from ${JSON.stringify(join(import.meta.dirname, '../../src/host/local-write.ts'))};
const [, , plan, folder, killAt = '0'] = process.argv;
const local = writableLocalHost();
let calls = 0;
const counted = Object.fromEntries(Object.entries(local).map(([name, value]) => [name,
  typeof value !== 'function' ? value : async (...given) => {
    if (++calls === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    return value(...given);
  }]));
process.stdout.write('started\\n');
const seconds = process.env.SECONDS;
const outcome = await apply({ host: counted, folder }, JSON.parse(readFileSync(plan, 'utf8')), {
  verify: async () => (killAt === 'verifying' ? process.kill(process.pid, 'SIGKILL') : null),
  ...(seconds === undefined ? {} : { undoAfterSeconds: Number(seconds), confirm: async () => false }),
});
process.stdout.write(JSON.stringify({ outcome, calls }) + '\\n');
`;

/** Builds that program, and says where it is; `remove` takes it away. */
export async function buildProgram(): Promise<{ readonly path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-program-'));
  const path = join(folder, 'program.mjs');
  await build({
    stdin: { contents: PROGRAM, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outfile: path,
  });
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}
