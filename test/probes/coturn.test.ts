import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { issuedCredential } from '../../src/probes/credential.ts';
import type { Coturn, CoturnOptions } from '../support/coturn.ts';
import { newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';

const users = ['lt-cred-mech', 'user=alice:wonderland', 'realm=turn.test'];
const passed = { outcome: 'passed', ms: expect.any(Number) };
const everyLeg = {
  outcome: 'complete',
  permission: passed,
  inbound: passed,
  outbound: passed,
  channelBind: passed,
  channelInbound: passed,
  channelOutbound: passed,
  deleted: passed,
};

const running: Coturn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(coturn => coturn.stop()));
});

async function coturnWith(...lines: string[]): Promise<Coturn> {
  const coturn = await startCoturn({ lines });
  running.push(coturn);
  return coturn;
}

const versions: [name: string, version: NonNullable<CoturnOptions['version']>, there: boolean][] = [
  ['installed', 'installed', true],
  ['newer (TURNCTL_COTURN_NEWER)', 'newer', newerCoturn !== undefined],
];

for (const [name, version, there] of versions) {
  describe.skipIf(!there)(`a healthy coturn, ${name}`, () => {
    let coturn: Coturn;
    beforeAll(async () => {
      coturn = await startCoturn({ lines: users, version });
    });
    afterAll(() => coturn.stop());

    test('answers everything over udp, tcp and tls at once', async () => {
      const seen = await probe(coturn, { transports: ['udp', 'tcp', 'tls'] });
      const local = { ip: '127.0.0.1', port: expect.any(Number) };
      for (const binding of seen.all('stun-binding')) {
        expect(binding).toMatchObject({ outcome: 'answered', mappedAddress: local, requestsSent: 1 });
      }
      const allocations = seen.all('turn-allocate');
      expect(allocations.map(({ transport, requestedTransport }) => [transport, requestedTransport])).toEqual(
        [
          ['udp', 'udp'],
          ['tcp', 'udp'],
          ['tcp', 'tcp'],
          ['tls', 'udp'],
        ],
      );
      for (const allocation of allocations) {
        expect(allocation).toMatchObject({
          outcome: 'allocated',
          challenged: true,
          realm: 'turn.test',
          requestsSent: 2,
          integrity: 'verified',
          relayedAddress: local,
          lifetimeSeconds: 600,
          retries: [],
        });
      }
      for (const path of seen.all('turn-data-path')) {
        expect(path).toMatchObject({ ...everyLeg, unpermitted: { outcome: 'lost', sent: 1 } });
      }
      expect(seen.one('tls-handshake')).toMatchObject({
        outcome: 'handshake',
        untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        certificate: { names: ['localhost', '127.0.0.1', '::1'], chainLength: 1 },
      });
      expect(seen.one('server-identity')).toMatchObject({
        outcome: 'complete',
        asked: 12,
        answered: 12,
        staleOnFirstTry: 0,
        rejected: 0,
        authenticated: 12,
        faces: [{ realm: 'turn.test', count: 12 }],
      });
    });

    test('says which peers it would relay to', async () => {
      const { one } = await probe(coturn, { steps: ['turn-peer-policy'] });
      const policy = one('turn-peer-policy');
      if (policy.outcome !== 'complete') throw new Error(policy.outcome);
      const linkLocal = version === 'newer' ? 403 : 'allowed';
      expect(Object.fromEntries(policy.peers.map(({ ip, answer }) => [ip, answer]))).toMatchObject({
        '127.0.0.1': 'allowed',
        '0.0.0.0': 403,
        '10.253.113.97': 'allowed',
        '169.254.169.254': linkLocal,
        '8.8.8.8': 'allowed',
      });
    });

    test('challenges somebody without credentials', async () => {
      const { one } = await probe(coturn, { credential: undefined });
      expect(one('turn-allocate')).toMatchObject({
        outcome: 'challenged',
        realm: 'turn.test',
        requestsSent: 1,
        stagesMs: { challenge: expect.any(Number) },
      });
      expect(one('turn-data-path')).toMatchObject({
        outcome: 'skipped',
        reason: 'no credentials to allocate with',
      });
      expect(one('server-identity')).toMatchObject({ answered: 12, authenticated: 0, rejected: 0 });
    });
  });
}

describe('coturn with one fault', () => {
  test('no-stun: Allocate answers, Binding is silent, and nobody waits the whole time for it', async () => {
    const coturn = await coturnWith(...users, 'no-stun');
    const start = performance.now();
    const { all } = await probe(coturn, { transports: ['udp', 'tcp', 'tls'] });
    for (const path of all('turn-data-path')) expect(path).toMatchObject(everyLeg);
    expect(all('stun-binding')).toMatchObject([
      { outcome: 'no-response', requestsSent: 4 },
      { outcome: 'no-response', requestsSent: 1 },
      { outcome: 'no-response', requestsSent: 1 },
    ]);
    expect(performance.now() - start).toBeLessThan(4500);
  });

  test('stun-only: Binding answers, Allocate is silent', async () => {
    const coturn = await coturnWith('stun-only');
    const { one } = await probe(coturn, { steps: ['stun-binding', 'turn-allocate'] });
    expect(one('stun-binding')).toMatchObject({ outcome: 'answered' });
    // One answer does not prove that nothing is lost on the path.
    expect(one('turn-allocate')).toMatchObject({ outcome: 'no-response', requestsSent: expect.any(Number) });
    const { requestsSent } = one('turn-allocate') as { requestsSent: number };
    expect(requestsSent).toBeGreaterThan(8);
  });

  test('no-udp-relay: 442 after the challenge', async () => {
    const coturn = await coturnWith(...users, 'no-udp-relay');
    const { one } = await probe(coturn);
    expect(one('turn-allocate')).toMatchObject({
      outcome: 'error-response',
      code: 442,
      afterChallenge: true,
      requestsSent: 2,
    });
    expect(one('turn-data-path')).toMatchObject({ outcome: 'skipped', reason: 'no allocation: 442' });
  });

  test('no-tcp-relay: 442 to a TCP relay and to nothing else', async () => {
    const coturn = await coturnWith(...users, 'no-tcp-relay');
    const { all } = await probe(coturn, { transports: ['tcp'], steps: ['turn-allocate', 'turn-tcp-relay'] });
    expect(all('turn-allocate')).toMatchObject([
      { requestedTransport: 'udp', outcome: 'allocated' },
      { requestedTransport: 'tcp', outcome: 'error-response', code: 442, afterChallenge: true },
    ]);
  });

  test('another secret: 401 twice, also from fresh 5-tuples', async () => {
    const coturn = await coturnWith('use-auth-secret', 'static-auth-secret=north', 'realm=turn.test');
    const { one } = await probe(coturn, { credential: issuedCredential('south', Date.now()) });
    expect(one('turn-allocate')).toMatchObject({
      outcome: 'error-response',
      code: 401,
      afterChallenge: true,
      username: expect.stringMatching(/^\d{10}:turnctl-1$/),
      credential: 'time-limited',
      requestsSent: 2,
    });
    expect(one('server-identity')).toMatchObject({ rejected: 12, authenticated: 0 });
  });

  test('the right secret, and a quota of one allocation for each name', async () => {
    const secret = ['use-auth-secret', 'static-auth-secret=north', 'realm=turn.test'];
    const coturn = await coturnWith(...secret, 'user-quota=1');
    const credential = issuedCredential('north', Date.now());
    const { all } = await probe(coturn, { transports: ['udp', 'tcp', 'tls'], credential });
    expect(all('turn-data-path')).toMatchObject([everyLeg, everyLeg, everyLeg]);
  });

  test('no authentication: an allocation without a challenge, and data through it', async () => {
    const { one } = await probe(await coturnWith('realm=turn.test'), { credential: undefined });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'allocated', challenged: false, requestsSent: 1 });
    expect(one('turn-data-path')).toMatchObject(everyLeg);
  });

  test('no realm: an empty one in the challenge', async () => {
    const coturn = await coturnWith('lt-cred-mech', 'user=alice:wonderland');
    const { one } = await probe(coturn, { credential: undefined, steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'challenged', realm: '' });
  });

  test('secure-stun: 401 to Binding', async () => {
    const { one } = await probe(await coturnWith(...users, 'secure-stun'), { steps: ['stun-binding'] });
    expect(one('stun-binding')).toMatchObject({ outcome: 'error-response', code: 401 });
  });

  test('denied peers: the permission is refused, the other legs say why they were not walked', async () => {
    const coturn = await coturnWith(
      ...users,
      'denied-peer-ip=127.0.0.0-127.255.255.255',
      'denied-peer-ip=10.0.0.0-10.255.255.255',
    );
    const { one } = await probe(coturn);
    const none = { outcome: 'skipped', reason: expect.stringContaining('no permission') };
    expect(one('turn-data-path')).toMatchObject({
      outcome: 'complete',
      permission: { outcome: 'refused', code: 403 },
      inbound: none,
      outbound: none,
      channelBind: none,
      unpermitted: none,
      deleted: passed,
    });
    const policy = one('turn-peer-policy');
    expect(
      'peers' in policy && policy.peers.filter(({ answer }) => answer === 403).map(({ ip }) => ip),
    ).toEqual(['127.0.0.1', '0.0.0.0', '10.253.113.97']);
  });

  test('a wrong external-ip: data goes to nowhere and comes from elsewhere', async () => {
    const coturn = await coturnWith(...users, 'external-ip=127.0.0.9');
    const { one } = await probe(coturn, { steps: ['turn-data-path'] });
    expect(one('turn-allocate')).toMatchObject({ relayedAddress: { ip: '127.0.0.9' } });
    expect(one('turn-data-path')).toMatchObject({
      inbound: { outcome: 'lost', sent: 4 },
      outbound: { outcome: 'wrong-source', from: { ip: '127.0.0.1' } },
      channelInbound: { outcome: 'skipped' },
      unpermitted: { outcome: 'skipped' },
    });
  });

  const tls: [what: string, line: string, failure: object][] = [
    [
      'no cipher in common',
      'cipher-list=JUNK',
      { outcome: 'tls-failed', error: expect.stringContaining('handshake failure') },
    ],
    [
      'no TLS version in common',
      'no-tlsv1_2',
      { outcome: 'tls-failed', error: expect.stringContaining('ClientHello') },
    ],
    ['no-tls', 'no-tls', { outcome: 'refused' }],
  ];
  for (const [what, line, failure] of tls) {
    test(`${what}: no conversation over tls gets further than the handshake`, async () => {
      const coturn = await coturnWith(...users, line);
      const { all } = await probe(coturn, { transports: ['tls'], timeoutMs: 500 });
      const seen = [...all('tls-handshake'), ...all('stun-binding'), ...all('turn-allocate')];
      expect(seen).toHaveLength(4);
      for (const observation of seen) expect(observation).toMatchObject(failure);
    });
  }

  test('an inverted port range: coturn dies of the Allocate it has challenged', async () => {
    const coturn = await coturnWith(...users, 'min-port=47700', 'max-port=47600');
    // One after the other: side by side, it may be dead before it has answered the Binding.
    const before = await probe(coturn, { steps: ['stun-binding'] });
    expect(before.one('stun-binding')).toMatchObject({ outcome: 'answered' });
    const { one } = await probe(coturn, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'refused', afterChallenge: true });
  });

  test('a full relay range: 508', async () => {
    const coturn = await coturnWith(...users, 'min-port=49152', 'max-port=49152');
    const { all } = await probe(coturn, { transports: ['udp', 'tcp'], steps: ['turn-data-path'] });
    expect(
      all('turn-allocate')
        .map(o => ('code' in o ? o.code : o.outcome))
        .sort(),
    ).toEqual([508, 'allocated']);
  });

  test('[::1]: an IPv6 address as well as any other', async () => {
    const coturn = await coturnWith(
      ...users,
      'listening-ip=::1',
      'relay-ip=::1',
      'allocation-default-address-family=keep',
    );
    const { one } = await probe(coturn, { transports: ['udp'] });
    expect(one('stun-binding')).toMatchObject({ outcome: 'answered', mappedAddress: { ip: '::1' } });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'allocated', relayedAddress: { ip: '::1' } });
    expect(one('turn-data-path')).toMatchObject(everyLeg);
    const policy = one('turn-peer-policy');
    expect('peers' in policy && policy.peers.find(({ ip }) => ip === '::')).toMatchObject({ answer: 403 });
  });

  test('an IPv4 relay for an IPv6 client: the peer is a socket of the other family', async () => {
    const coturn = await coturnWith(...users, 'listening-ip=::1', 'relay-ip=127.0.0.1');
    const { one } = await probe(coturn, { transports: ['udp'], steps: ['turn-data-path'] });
    expect(one('turn-allocate')).toMatchObject({ relayedAddress: { ip: '127.0.0.1' } });
    expect(one('turn-data-path')).toMatchObject(everyLeg);
  });

  test('two servers on one port: two faces, and credentials that one of them does not know', async () => {
    const first = await coturnWith(...users);
    const second = await startCoturn({
      port: first.port,
      lines: ['lt-cred-mech', 'user=bob:b', 'realm=other.test'],
    });
    running.push(second);
    const { one } = await probe(first, { steps: ['server-identity'] });
    const identity = one('server-identity');
    if (identity.outcome !== 'complete') throw new Error(identity.outcome);
    expect(identity.faces.map(({ realm }) => realm).sort()).toEqual(['other.test', 'turn.test']);
    expect(identity.rejected).toBeGreaterThan(0);
    expect(identity.authenticated).toBeGreaterThan(0);
  });
});

describe('giving back', () => {
  test('deletes what it allocated', async () => {
    const coturn = await coturnWith(...users);
    const { one } = await probe(coturn, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'allocated' });
    await coturn.logged(/new, realm=<turn.test>[\s\S]*refreshed, [\s\S]*lifetime=0/);
  });

  test('also after an abort in the middle', async () => {
    const coturn = await coturnWith(...users);
    const abort = new AbortController();
    const { one } = await probe(coturn, {
      steps: ['turn-data-path'],
      signal: abort.signal,
      onEvent: ({ waitingFor }) => {
        if (waitingFor.startsWith('ChannelBind')) abort.abort();
      },
    });
    expect(one('turn-data-path')).toMatchObject({
      inbound: passed,
      channelBind: { outcome: 'skipped', reason: 'interrupted' },
      deleted: passed,
    });
    await coturn.logged(/lifetime=0/);
  });

  test('also when the abort comes before the answer to Allocate', async () => {
    const coturn = await coturnWith(...users);
    const interrupted = async () => {
      const abort = new AbortController();
      const { one } = await probe(coturn, {
        steps: ['turn-data-path'],
        signal: abort.signal,
        onEvent: ({ waitingFor }) => {
          if (/^Allocate .* 2 of \d+ sends$/.test(waitingFor)) abort.abort();
        },
      });
      return one('turn-allocate');
    };
    let seen = await interrupted();
    // On a slow machine the second send may be the first request again, which carries no credential and grants nothing.
    while (seen.stagesMs.challenge === undefined) seen = await interrupted();
    expect(seen).toMatchObject({ outcome: 'skipped', reason: 'interrupted' });
    await coturn.logged(/new, realm=<turn.test>[\s\S]*refreshed, [\s\S]*lifetime=0/);
  });
});
