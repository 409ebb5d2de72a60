// Bundles src/ into dist/, with no runtime dependency left; keeps the licences of what went in, and what V8 compiled.
import { spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { buildProgram, forNode } from './program.mjs';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);
await rm('dist', { recursive: true, force: true });

const program = await buildProgram('dist');

/** Bundled CommonJS packages call require() of Node's own modules. */
const REQUIRE =
  "import { createRequire as turnctlRequire } from 'node:module'; const require = turnctlRequire(import.meta.url);";

const modules = await build({
  ...forNode,
  entryPoints: { 'demo-server': 'src/demo/server.ts', credentials: 'src/credentials/index.ts' },
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  // Beside the entries: code finds package.json and the demo's server relative to itself.
  chunkNames: '[name]-[hash]',
  banner: { js: REQUIRE },
});
for (const path of Object.keys(modules.metafile.outputs)) {
  const [head, ...rest] = (await readFile(path, 'utf8')).split(`${REQUIRE}\n`);
  if (rest.length === 1 && !/\brequire\b/.test(rest[0])) await writeFile(path, head + rest[0]);
}

const forBrowsers = {
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
};
// The public entry, one file without imports.
await build({
  ...forBrowsers,
  entryPoints: ['src/client/index.ts'],
  outfile: 'dist/client.js',
  format: 'esm',
});
// What is put into the pages that turnctl drives.
await build({ ...forBrowsers, entryPoints: ['src/page/entry.ts'], outfile: 'dist/page.js', format: 'iife' });
// The page of `turnctl client serve`: one file with everything in it.
const [served] = (
  await build({ ...forBrowsers, entryPoints: ['src/page/serve/entry.ts'], format: 'iife', write: false })
).outputFiles;
const [style] = (await build({ entryPoints: ['src/page/serve/style.css'], minify: true, write: false }))
  .outputFiles;
const html = await readFile('src/page/serve/page.html', 'utf8');
await writeFile(
  'dist/client-page.html',
  html
    .replace('/*STYLE*/', () => style.text.trim())
    .replace('/*SCRIPT*/', () => served.text.trim().replaceAll('</script', '<\\/script')),
);

const packages = new Set(
  [program, modules]
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .flatMap(path => {
      const match = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path);
      return match ? [path.slice(0, match.index + match[0].length)] : [];
    }),
);
const notices = [];
for (const folder of [...packages].sort()) {
  const manifest = JSON.parse(await readFile(`${folder}package.json`, 'utf8'));
  let licence = `${manifest.license ?? 'unknown licence'}, no text in the package`;
  for (const name of ['LICENSE', 'license', 'LICENSE.md', 'LICENCE', 'LICENSE.txt', 'License']) {
    const text = await readFile(folder + name, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      licence = text.trim();
      break;
    }
  }
  notices.push(`${manifest.name} ${manifest.version}\n\n${licence}\n`);
}
// The types of the public entries, with no other package in them.
for (const project of ['.ci/types.json', '.ci/types-client.json']) {
  const argv = ['node_modules/typescript/bin/tsc', '--project', project];
  const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout);
}

await writeFile('dist/THIRD-PARTY-LICENSES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));

// In a process of its own: V8 keeps what it compiled of a script only for the flags it was started with.
const { status, stderr } = spawnSync(process.execPath, ['.ci/compile.mjs'], { encoding: 'utf8' });
if (status !== 0) throw new Error(stderr);
