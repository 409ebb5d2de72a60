import { setFlagsFromString } from 'node:v8';

/** The V8 of Node 20 and 22, in which the flag was tried; an unknown one would be told on standard error. */
const TRIED = /^1[12]\./;

/**
 * Lets a function run fifteen times as long as V8 would before it is compiled for speed. A run of turnctl ends within
 * half a second, and such compilers then cost more than they give: a third of the processor time of linting 200 files,
 * on a second core that others may need. What runs for longer, as a file of 10 MB, reaches them all the same.
 */
export function expectShortRun(): void {
  if (TRIED.test(process.versions.v8)) setFlagsFromString('--interrupt-budget=1000000');
}
