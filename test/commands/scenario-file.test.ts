import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/commands/scenario-file.ts';
import { NAIVE, REFERENCE } from '../../src/model/scenario.ts';
import { hostWith } from '../support/fake-io.ts';

const read = (content: string) =>
  readScenario('clients/mine.json', { localHost: hostWith({ 'clients/mine.json': content }) });

test('what a file does not say is as in the naive client, its name that of the file', async () => {
  expect(await read('{"trickle":true,"credentialsMs":3000}')).toEqual({
    ...NAIVE,
    name: 'mine',
    trickle: true,
    credentialsMs: 3000,
  });
});

test('the ones that come along can all be read, and each is in their table', async () => {
  const folder = new URL('../../templates/scenarios/', import.meta.url);
  const table = readFileSync(new URL('README.md', folder), 'utf8');
  const files = readdirSync(folder).filter(name => name.endsWith('.json'));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    expect((await read(readFileSync(new URL(file, folder), 'utf8'))).client).toBe('naive');
    expect(table).toContain(`\`${file}\``);
  }
});

test('two need no file', async () => {
  const nothing = { localHost: hostWith({}) };
  expect([await readScenario('naive', nothing), await readScenario('reference', nothing)]).toEqual([
    NAIVE,
    REFERENCE,
  ]);
});

describe('what is wrong is named, with file and value', () => {
  const cases: [content: string, says: string][] = [
    ['trickle: true', 'clients/mine.json is no JSON'],
    ['[]', 'clients/mine.json holds no scenario'],
    ['{"tricle":true}', 'clients/mine.json: a scenario has no "tricle"'],
    ['{"trickle":"yes"}', 'clients/mine.json: trickle "yes" must be true or false'],
    ['{"waitMs":-1}', 'clients/mine.json: waitMs -1 must be milliseconds'],
    [
      '{"waitFor":"complete"}',
      'clients/mine.json: waitFor "complete" must be "nothing" or "relay" or "gathering"',
    ],
    ['{"uris":[]}', 'clients/mine.json: uris [] must be a list of URIs'],
    ['{"poolSize":11}', 'clients/mine.json: poolSize 11 must be 0 to 10'],
    ['{"constructor":1}', 'clients/mine.json: a scenario has no "constructor"'],
  ];
  for (const [content, says] of cases) test(content, () => expect(read(content)).rejects.toThrow(says));
});
