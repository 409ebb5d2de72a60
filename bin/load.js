import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const PROGRAM = new URL('../dist/turnctl.cjs', import.meta.url);
/** What V8 compiled of the program when that was built. */
export const COMPILED = new URL('../dist/turnctl.compiled', import.meta.url);

/** The V8 of Node 20 and 22, in which the flag was tried; an unknown one would be told on standard error. */
const TRIED = /^1[12]\./;

/**
 * Lets a function run fifteen times as long as V8 would before it is compiled for speed. A run of turnctl ends within
 * half a second, and such compilers then cost more than they give: a third of the processor time of linting 200 files,
 * on a second core that others may need. What runs for longer, as a file of 10 MB, reaches them all the same.
 */
function expectShortRun() {
  if (TRIED.test(process.versions.v8)) setFlagsFromString('--interrupt-budget=1000000');
}

/**
 * Evaluates the program, from what V8 compiled when it was built; compiling takes as long as starting Node does. Another
 * Node than the one it was built with refuses that and compiles anew.
 * @throws {Error} code ENOENT where nothing was built
 */
export function load() {
  expectShortRun();
  const source = readFileSync(PROGRAM, 'latin1');
  const cachedData = existsSync(COMPILED) ? readFileSync(COMPILED) : undefined;
  const script = new Script(source, { filename: PROGRAM.pathname, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(PROGRAM), module, PROGRAM.href);
  return { script, run: module.exports.run };
}
