import { join } from 'node:path';
import { build } from 'esbuild';

/** A program of `test/support` as one file of JavaScript, to be run on a lab host or in another network. */
export async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../support', name)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    // Of the packages that are bundled, some are CommonJS.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  });
  return outputFiles[0]?.text ?? '';
}
