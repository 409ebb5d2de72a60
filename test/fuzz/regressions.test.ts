import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutant } from './mutate.ts';
import { randomFrom } from './random.ts';
import type { FuzzTarget } from './target.ts';
import { fuzzTargets } from './targets.ts';

const repository = join(import.meta.dirname, '../..');
const folder = join(repository, 'test/fixtures/fuzz');
const findings = existsSync(folder) ? readdirSync(folder).filter(name => !name.startsWith('.')) : [];

function run({ steps }: FuzzTarget, input: Uint8Array): void {
  for (const step of steps) step(input);
}

describe.each(fuzzTargets(repository))('$name', target => {
  for (const name of findings.filter(file => file.startsWith(`${target.name}-`))) {
    test(name, () => run(target, Uint8Array.from(readFileSync(join(folder, name)))));
  }

  test('reads what it was fed', () => {
    for (const input of target.corpus) run(target, input);
    expect(target.corpus.length).toBeGreaterThan(0);
  });

  test('stands a few hundred mutants, the same ones every time', () => {
    const random = randomFrom(20_260_131);
    for (let count = 0; count < 200; count++) run(target, mutant(target.corpus, target.words, random));
  });
});
