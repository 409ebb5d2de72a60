import { build } from 'esbuild';

/** How everything is bundled that runs on Node. */
export const forNode = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
};

/**
 * The program as one script, so that V8 can keep what it compiled of it (bin/load.js evaluates it). Each command is still
 * evaluated when it is asked for.
 */
export const buildProgram = outdir =>
  build({
    ...forNode,
    entryPoints: { turnctl: new URL('../src/cli/run.ts', import.meta.url).pathname },
    outdir,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    // An optional peer: whoever wants calls in a browser installs it.
    external: ['playwright-core'],
    // A script has neither: its place comes from its wrapper, and require() loads as well as import().
    define: { 'import.meta.url': 'turnctlUrl' },
    supported: { 'dynamic-import': false },
    banner: { js: '(function (exports, require, module, turnctlUrl) {' },
    footer: { js: '})' },
  });
