import { describe, expect, test } from 'vitest';
import { CredentialCache, type TurnCredentials } from '../../src/client/credential-cache.ts';

/** An endpoint that counts, and a clock to turn. */
function endpoint(ttl = 3600) {
  const world = { asked: 0, now: 0, down: false };
  const fetch = async (): Promise<TurnCredentials> => {
    world.asked += 1;
    if (world.down) throw new Error('no network');
    return { username: String(world.asked), password: 'p', ttl, uris: ['turn:turn.example.org'] };
  };
  const cache = new CredentialCache(fetch, { now: () => world.now, maxAgeMs: 300_000 });
  const name = async () => (await cache.get()).username;
  return { world, cache, name };
}

test('one request, however many ask at once', async () => {
  const { world, name } = endpoint();
  expect(await Promise.all([name(), name(), name()])).toEqual(['1', '1', '1']);
  expect(world.asked).toBe(1);
});

test('held for five minutes, and renewed before they are over', async () => {
  const { world, name } = endpoint();
  await name();
  world.now = 200_000;
  expect([await name(), world.asked]).toEqual(['1', 1]);
  world.now = 250_000;
  expect([await name(), world.asked]).toEqual(['1', 2]);
  expect(await name()).toBe('2');
});

test('never past its ttl', async () => {
  const { world, name } = endpoint(60);
  await name();
  world.now = 59_000;
  expect(await name()).toBe('1');
  world.now = 60_000;
  await Promise.resolve();
  expect(await name()).not.toBe('1');
});

test('a good one is used while the next cannot be had', async () => {
  const { world, name } = endpoint();
  await name();
  world.down = true;
  world.now = 250_000;
  expect(await name()).toBe('1');
});

test('asks again a little later, and then says why there is none', async () => {
  const { world, name } = endpoint();
  world.down = true;
  await expect(name()).rejects.toThrow('no network');
  expect(world.asked).toBe(3);
});

test('dropped, it is fetched anew', async () => {
  const { cache, name } = endpoint();
  await name();
  cache.drop();
  expect(await name()).toBe('2');
});

describe('an answer of another shape is none', () => {
  const good = { username: 'u', password: 'p', ttl: 60, uris: ['turn:a'] };
  const answers: [what: string, answer: unknown][] = [
    ['nothing', undefined],
    ['no URI', { ...good, uris: [] }],
    ['one URI as text', { ...good, uris: 'turn:a' }],
    ['no ttl', { ...good, ttl: undefined }],
    ['credential for password', { ...good, password: undefined, credential: 'p' }],
  ];
  for (const [what, answer] of answers) {
    test(what, async () => {
      const cache = new CredentialCache(async () => answer as TurnCredentials);
      await expect(cache.get()).rejects.toThrow('without username, password, ttl or uris');
    });
  }
});
