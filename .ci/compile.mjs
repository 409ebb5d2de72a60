// Keeps what V8 compiles of the program while it starts, judges files and prints a report.
import { readdirSync, writeFileSync } from 'node:fs';
import { COMPILED, load } from '../bin/load.js';

const FILES = 'test/fixtures/real-world/';
const files = readdirSync(FILES)
  .filter(name => name.endsWith('.conf'))
  .map(name => FILES + name);

const { script, run } = load();
process.argv.splice(2, process.argv.length, 'lint', '--fail-on', 'never', ...files);
const exitCode = await run();
if (exitCode !== 0) throw new Error(`lint ended with ${exitCode}`);
writeFileSync(COMPILED, script.createCachedData());
