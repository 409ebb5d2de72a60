import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AuthSettings, Candidate } from '../../src/probes/auth-settings.ts';
import { givenCredential } from '../../src/probes/credential.ts';
import { type Coturn, newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';
import { startTurnServer, type TurnServer, type TurnServerOptions } from '../support/turn-server.ts';

const SECRET = 'the secret of the server';
const secret = (text: string, label = text): Candidate => ({ label, secret: text });

async function authOf(
  listener: { readonly ip: string; readonly port: number },
  settings: Partial<AuthSettings>,
  more: { readonly credential?: ReturnType<typeof givenCredential>; readonly timeoutMs?: number } = {},
) {
  const seen = await probe(listener, {
    steps: ['turn-auth'],
    credential: more.credential,
    settings: { auth: { candidates: [], guesses: [], outlive: false, ...settings } },
    timeoutMs: more.timeoutMs ?? 15_000,
  });
  return seen.one('turn-auth');
}

type Complete = Extract<Awaited<ReturnType<typeof authOf>>, { outcome: 'complete' }>;

function complete(observation: Awaited<ReturnType<typeof authOf>>): Complete {
  if (observation.outcome !== 'complete') throw new Error(JSON.stringify(observation));
  return observation;
}

const answers = (tries: Complete['wrong']): Record<string, unknown> =>
  Object.fromEntries(tries.map(({ kind, answer }) => [kind, answer]));

for (const version of ['installed', 'newer'] as const) {
  describe.skipIf(version === 'newer' && newerCoturn === undefined)(`coturn, ${version}`, () => {
    let coturn: Coturn;
    beforeAll(async () => {
      const lines = ['use-auth-secret', `static-auth-secret=${SECRET}`, 'static-auth-secret=second'];
      coturn = await startCoturn({ version, lines: [...lines, 'realm=turn.test', 'user=alice:wonderland'] });
    });
    afterAll(() => coturn.stop());

    test('says of each secret whether it is taken, and that static users are not', async () => {
      const alice = { username: 'alice', password: 'wonderland' };
      const { given } = complete(
        await authOf(coturn, {
          candidates: [
            secret('of another server'),
            secret(SECRET, 'first'),
            secret('second'),
            { label: 'alice', credential: alice },
          ],
        }),
      );
      expect(given.map(({ label, kind, answer }) => [label, kind, answer])).toEqual([
        ['of another server', 'time-limited', 401],
        ['first', 'time-limited', 'accepted'],
        ['second', 'time-limited', 'accepted'],
        ['alice', 'static', 401],
      ]);
    });

    test('refuses everything that is wrong, alike', async () => {
      const { wrong, refusals, challenge } = complete(await authOf(coturn, { candidates: [secret(SECRET)] }));
      expect(answers(wrong)).toEqual({
        'wrong-password': 401,
        'unknown-user': 401,
        'garbled-integrity': 401,
        'foreign-realm': 441,
        'no-integrity': 401,
        expired: 401,
      });
      expect(refusals).toBeLessThanOrEqual(9);
      const sizes = wrong.filter(({ kind }) => kind === 'wrong-password' || kind === 'unknown-user');
      expect(new Set(sizes.map(({ sizeBytes }) => sizeBytes)).size).toBe(1);
      expect(challenge).toMatchObject({ realm: 'turn.test', passwordAlgorithms: null });
      expect(coturn.log()).not.toMatch(/allocation .* succeed|new, realm=<turn.test>, username=<.*turnctl/i);
    });

    test('has the clock of this machine', async () => {
      const { clock } = complete(await authOf(coturn, { candidates: [secret(SECRET)] }));
      expect(clock?.atLeastSeconds).toBeLessThanOrEqual(0);
      expect(clock?.atMostSeconds).toBeGreaterThanOrEqual(0);
    });

    test('takes none of the secrets that are guessed, but the one it has', async () => {
      const guesses = [
        { label: 'an empty secret', secret: '' },
        { label: 'the second', secret: 'second' },
      ];
      const { guessed } = complete(await authOf(coturn, { candidates: [secret(SECRET)], guesses }));
      expect(guessed).toEqual({ tried: 2, accepted: ['the second'] });
    });
  });
}

test('coturn keeps an allocation whose credential has expired', async () => {
  const versions = newerCoturn === undefined ? (['installed'] as const) : (['installed', 'newer'] as const);
  const servers = await Promise.all(
    versions.map(version =>
      startCoturn({ version, lines: ['use-auth-secret', `static-auth-secret=${SECRET}`, 'realm=turn.test'] }),
    ),
  );
  try {
    // Side by side: there is no way around the seconds until it expires.
    const seen = await Promise.all(
      servers.map(coturn => authOf(coturn, { candidates: [secret(SECRET)], outlive: true })),
    );
    expect(seen.map(observation => complete(observation).outlived)).toEqual(
      versions.map(() => ({ answer: 'accepted' })),
    );
  } finally {
    await Promise.all(servers.map(coturn => coturn.stop()));
  }
});

test.skipIf(newerCoturn === undefined)(
  'a rate limit for refusals delays the answers and changes none',
  async () => {
    const lines = ['use-auth-secret', `static-auth-secret=${SECRET}`, 'realm=turn.test'];
    const coturn = await startCoturn({ version: 'newer', lines: [...lines, 'unauthorized-ratelimit'] });
    try {
      const { given, wrong } = complete(await authOf(coturn, { candidates: [secret(SECRET)] }));
      expect(given[0]?.answer).toBe('accepted');
      expect(Object.values(answers(wrong)).sort()).toEqual([401, 401, 401, 401, 401, 441]);
    } finally {
      await coturn.stop();
    }
  },
);

describe('coturn with static users', () => {
  let coturn: Coturn;
  beforeAll(async () => {
    coturn = await startCoturn({ lines: ['lt-cred-mech', 'user=alice:wonderland', 'realm=turn.test'] });
  });
  afterAll(() => coturn.stop());

  test('the credential of the run is tried where none is named', async () => {
    const credential = givenCredential({ username: 'alice', password: 'wonderland' }, 'static');
    const { given, wrong, clock } = complete(await authOf(coturn, {}, { credential }));
    expect(given).toMatchObject([{ label: 'alice', kind: 'static', answer: 'accepted' }]);
    expect(answers(wrong)).toEqual({
      'wrong-password': 401,
      'unknown-user': 401,
      'garbled-integrity': 401,
      'foreign-realm': 441,
      'no-integrity': 401,
    });
    expect(clock).toBeUndefined();
  });

  test('without any credential, strangers are tried alone', async () => {
    const { given, wrong } = complete(await authOf(coturn, {}));
    expect(given).toEqual([]);
    expect(answers(wrong)).toEqual({ 'unknown-user': 401, 'no-integrity': 401 });
  });
});

describe('a server that misbehaves', () => {
  const servers: TurnServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.stop()));
  });

  async function serverWith(options: TurnServerOptions): Promise<TurnServer> {
    const server = await startTurnServer({ secret: SECRET, ...options });
    servers.push(server);
    return server;
  }

  const candidates = [secret(SECRET)];

  test('believes anybody', async () => {
    const { udp } = await serverWith({ faults: { believesAnybody: true } });
    const { wrong } = complete(await authOf(udp, { candidates }));
    expect(new Set(Object.values(answers(wrong)))).toEqual(new Set(['accepted']));
  });

  test('never looks at the time', async () => {
    const { udp } = await serverWith({ faults: { ignoresTime: true } });
    const { wrong, clock } = complete(await authOf(udp, { candidates }));
    expect(answers(wrong)).toMatchObject({ expired: 'accepted', 'wrong-password': 401 });
    expect(clock).toMatchObject({ atLeastSeconds: null });
  });

  test('asks for no credentials', async () => {
    const server = await startTurnServer();
    servers.push(server);
    expect(await authOf(server.udp, { candidates })).toMatchObject({ outcome: 'unchallenged' });
  });

  test('takes OAuth tokens, and has its algorithms removed on the way', async () => {
    const announced = `obMatJos2${Buffer.from([0x80, 0, 0]).toString('base64')}nonce`;
    const challenge = [
      { name: 'THIRD-PARTY-AUTHORIZATION', value: 'auth.example.org' },
      { name: 'NONCE', value: announced },
    ] as const;
    const { udp } = await serverWith({ faults: { challenge } });
    const seen = complete(await authOf(udp, {}));
    expect(seen.challenge).toMatchObject({
      thirdParty: 'auth.example.org',
      announced: { passwordAlgorithms: true },
      passwordAlgorithms: null,
    });
    // Nothing is signed with what an attacker may have weakened.
    expect(answers(seen.wrong)).toEqual({ 'unknown-user': null, 'no-integrity': null });
  });

  for (const aheadSeconds of [-7200, -90, 0, 20, 3600]) {
    test(`a clock ${aheadSeconds} s ahead is found`, async () => {
      const { udp } = await serverWith({ clockAheadSeconds: aheadSeconds });
      const { clock, given, wrong } = complete(await authOf(udp, { candidates }));
      expect(given[0]?.answer).toBe('accepted');
      expect(answers(wrong).expired).toBe(401);
      expect(clock?.atLeastSeconds).toBeLessThanOrEqual(aheadSeconds);
      expect(clock?.atMostSeconds).toBeGreaterThanOrEqual(aheadSeconds);
      expect(clock?.tries).toBeLessThan(24);
    });
  }

  test('says nothing to credentials', async () => {
    const { udp, faults } = await serverWith({});
    faults.drop = { refresh: Number.POSITIVE_INFINITY };
    expect(await authOf(udp, { candidates }, { timeoutMs: 300 })).toMatchObject({ outcome: 'no-response' });
  });
});
