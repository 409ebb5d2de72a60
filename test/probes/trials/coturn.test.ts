import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { givenCredential, issuedCredential } from '../../../src/probes/credential.ts';
import { TRIALS } from '../../../src/probes/trials/placement.ts';
import type { Coturn, CoturnOptions } from '../../support/coturn.ts';
import { newerCoturn, startCoturn } from '../../support/coturn.ts';
import { probe } from '../../support/probing.ts';
import { tryWith } from '../../support/trials.ts';

const users = ['lt-cred-mech', 'user=alice:wonderland', 'user=first:guest', 'realm=turn.test'];
const passed = { outcome: 'passed', ms: expect.any(Number) };
const local = (port: unknown = expect.any(Number)) => ({ ip: '127.0.0.1', port });

const running: Coturn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(coturn => coturn.stop()));
});

/** Starts one that has filled its pool of ports: until then it answers 508. Another user finds out, for the quota's sake. */
async function startReady(options: CoturnOptions): Promise<Coturn> {
  const coturn = await startCoturn(options);
  const credential = givenCredential({ username: 'first', password: 'guest' }, 'static');
  const allocate = async () => {
    const { one } = await probe(coturn, { steps: ['turn-allocate'], credential });
    expect(one('turn-allocate').outcome).toBe('allocated');
  };
  await vi.waitFor(allocate, { timeout: 10_000, interval: 100 });
  return coturn;
}

/** Beyond what takes longer than a test may. */
const QUICK = TRIALS.filter(
  trial =>
    !['quota', 'throughput', 'permission-life', 'channel-life', 'soak', 'silent-allocate'].includes(trial),
);

const versions: [version: NonNullable<CoturnOptions['version']>, there: boolean][] = [
  ['installed', true],
  ['newer', newerCoturn !== undefined],
];

for (const [version, there] of versions) {
  const newer = version === 'newer';

  async function coturnWith(...lines: string[]): Promise<Coturn> {
    const coturn = await startReady({ lines: [...users, ...lines], version });
    running.push(coturn);
    return coturn;
  }

  describe.skipIf(!there)(`trials with coturn, ${version} (TURNCTL_COTURN_NEWER)`, () => {
    let coturn: Coturn;
    beforeAll(async () => {
      coturn = await startReady({ lines: users, version });
    });
    afterAll(() => coturn.stop());

    test('over UDP', async () => {
      const { found, bad } = await tryWith(coturn, QUICK);
      expect(bad).toEqual([]);
      expect(found).toMatchObject({
        challenge: { realm: 'turn.test', nonceLength: newer ? 24 : 16, features: [], sharedNonce: false },
        'ipv6-relay': { refused: 440 },
        // Up to 4.6 nothing says that the second family is missing.
        'both-families': newer
          ? { relayedAddresses: [local(), { ip: '0.0.0.0', port: 0 }], addressErrors: [440] }
          : { relayedAddresses: [local()], addressErrors: [] },
        lifetimes: {
          lifetimes: [
            { askedSeconds: 0, grantedSeconds: 600 },
            { askedSeconds: 1, grantedSeconds: 600 },
            { askedSeconds: 600, grantedSeconds: 600 },
            { askedSeconds: 3600, grantedSeconds: 3600 },
            { askedSeconds: 1_000_000, grantedSeconds: 3600 },
          ],
        },
        // The second 200 proves nothing.
        deletion: { first: 'granted', second: 'granted', goneAfterMs: expect.any(Number) },
        retransmission: { again: 'granted', relayedAddressAgain: local() },
        'even-port': { port: expect.any(Number), reserved: { port: expect.any(Number) } },
        'dont-fragment': { lifetimeSeconds: 600 },
        'stale-nonce': { reply: 438, renewed: true, accepted: true },
        transports: {
          protocols: [0, 1, 33, 132, 255, 6].map(protocol => ({ protocol, reply: 400 })),
        },
        mobility: { refused: 405 },
        reflection: { peer: local(coturn.port), permission: passed, reply: passed },
        'relay-to-relay': { permission: passed, there: passed, back: passed },
        sizes: {
          sizes: [100, 548, 1000, 1200, 1300, 1400, 1472].map(sizeBytes => ({
            sizeBytes,
            outbound: passed,
            inbound: passed,
          })),
        },
        'relay-series': { sent: 25, reachedPeer: 25, received: 25, duplicates: 0 },
        // RFC 5766 had channels up to 0x7FFE, RFC 8656 has them up to 0x4FFF.
        'channel-range': {
          channels: [
            { channel: 0x4fff, reply: 'granted' },
            { channel: 0x5000, reply: newer ? 400 : 'granted' },
            { channel: 0x7ffe, reply: newer ? 400 : 'granted' },
          ],
        },
        'family-mismatch': { reply: 443 },
        icmp: { received: null },
      });
      const { retransmission, reflection, 'even-port': even } = found;
      if (typeof retransmission !== 'object' || typeof reflection !== 'object') throw new Error('not made');
      expect(retransmission.relayedAddressAgain).toEqual(retransmission.relayedAddress);
      expect(reflection.mappedAddress).toEqual(reflection.relayedAddress);
      if (typeof even !== 'object' || !('port' in even) || !even.reserved || !('port' in even.reserved)) {
        throw new Error('no pair');
      }
      expect([even.port % 2, even.reserved.port]).toEqual([0, even.port + 1]);
    });

    test('over TCP and TLS: the relay of RFC 6062 both ways round, and the same of the path', async () => {
      const stream = { open: passed, bind: passed, outbound: passed, inbound: passed };
      for (const transport of ['tcp', 'tls'] as const) {
        const trials = ['sizes', 'transports', 'tcp-connect', 'tcp-passive'] as const;
        const { found, bad } = await tryWith(coturn, trials, { transports: [transport] });
        expect(bad).toEqual([]);
        expect(found).toMatchObject({
          'tcp-connect': stream,
          'tcp-passive': stream,
          transports: { protocols: expect.arrayContaining([{ protocol: 6, reply: 'granted' }]) },
        });
      }
    });

    test('what is not asked over this transport is not there', async () => {
      const { found } = await tryWith(coturn, ['retransmission', 'tcp-connect']);
      expect(Object.keys(found)).toEqual(['retransmission']);
    });

    test('with mobility on, an allocation moves to another 5-tuple', async () => {
      const { found } = await tryWith(await coturnWith('mobility'), ['mobility']);
      expect(found.mobility).toEqual({ ticket: true, moved: 'granted' });
    });

    test('a relay with addresses of both families', async () => {
      const both = await coturnWith('relay-ip=127.0.0.1', 'relay-ip=::1');
      const { found } = await tryWith(both, ['ipv6-relay', 'both-families', 'family-mismatch']);
      expect(found).toMatchObject({
        'ipv6-relay': { relayedAddresses: [{ ip: '::1' }] },
        // coturn 4.6.1 overlooks ADDITIONAL-ADDRESS-FAMILY.
        'both-families': {
          relayedAddresses: newer ? [{ ip: '127.0.0.1' }, { ip: '::1' }] : [{ ip: '127.0.0.1' }],
          addressErrors: [],
        },
        'family-mismatch': { reply: 443 },
      });
    });

    test('no-tcp-relay: 442, and nobody needs it', async () => {
      const { found, bad } = await tryWith(await coturnWith('no-tcp-relay'), ['tcp-connect', 'transports'], {
        transports: ['tcp'],
      });
      expect(bad).toEqual([]);
      expect(found).toMatchObject({
        'tcp-connect': { refused: 442 },
        transports: { protocols: expect.arrayContaining([{ protocol: 6, reply: 442 }]) },
      });
    });

    test('allocations of one user up to user-quota, and all are given back', async () => {
      const coturn = await coturnWith('user-quota=4');
      const { found } = await tryWith(coturn, ['quota']);
      // The session that goes before holds one of the four, perhaps.
      const { quota } = found;
      expect(quota).toMatchObject({ stoppedBy: 486, limit: 50 });
      expect(typeof quota === 'object' && quota.granted).toBeGreaterThanOrEqual(3);
      await coturn.logged(/(lifetime=0[\s\S]*){4}/);
    });

    test('no quota: as many as asked for', async () => {
      const { found } = await tryWith(coturn, ['quota'], { settings: { relay: { quotaLimit: 6 } } });
      expect(found.quota).toEqual({ granted: 6, limit: 6, stoppedBy: 'granted' });
    });

    test('a relay that may not send to itself: 403 on its own allocation and its own listener', async () => {
      const outside = await coturnWith('denied-peer-ip=127.0.0.1', 'allowed-peer-ip=127.0.0.2');
      const { found } = await tryWith(outside, ['relay-to-relay', 'reflection']);
      expect(found).toMatchObject({
        'relay-to-relay': { permission: { outcome: 'refused', code: 403 } },
        reflection: expect.stringMatching(/no permission for a peer of ours: 403/),
      });
    });

    test('a wrong external-ip: peers would see another address than they are told', async () => {
      const { found } = await tryWith(await coturnWith('external-ip=127.0.0.9'), ['relay-to-relay']);
      expect(found['relay-to-relay']).toMatchObject({
        there: { outcome: 'lost' },
        back: { outcome: 'lost' },
      });
    });

    test('stun-only: Binding of any size, and nothing of TURN', async () => {
      const coturn = await startCoturn({ lines: ['stun-only'], version });
      running.push(coturn);
      const { found, bad } = await tryWith(coturn, ['silent-allocate', 'sizes'], { timeoutMs: 2500 });
      expect(bad).toEqual(['silent-allocate']);
      expect(found.sizes).toBe('no allocation: no-response');
      const silent = found['silent-allocate'];
      const answered =
        typeof silent === 'object' && silent.variants.filter(v => v.answered).map(v => v.variant);
      expect(answered).toEqual(['Binding', 'Binding, large']);
    });

    test('permission and channel end when they should, with lives of seconds', async () => {
      const coturn = await coturnWith('permission-lifetime=4', 'channel-lifetime=8');
      const { found, bad } = await tryWith(coturn, ['permission-life', 'channel-life'], {
        settings: { relay: { permissionSeconds: 4, channelSeconds: 8 } },
      });
      expect(bad).toEqual([]);
      expect(found).toMatchObject({
        'permission-life': { checks: [{ arrived: 'indication' }, { arrived: 'nothing' }] },
        'channel-life': { checks: [{ arrived: 'channel' }, { arrived: 'indication' }], rebound: 400 },
      });
    }, 40_000);

    test('a rate that this host can send passes, within its bounds', async () => {
      const { found } = await tryWith(coturn, ['throughput'], {
        settings: { relay: { throughput: { mostMs: 2000, mostBytes: 400_000, stepMs: 200 } } },
      });
      const { throughput } = found;
      if (typeof throughput !== 'object') throw new Error(throughput);
      expect(throughput.steps[0]).toMatchObject({ packetsPerSecond: 250 });
      expect(throughput.steps.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThanOrEqual(400);
      expect(throughput.stoppedBy).toMatch(/bytes|sender|loss/);
    });

    test('a call of seconds: every packet back, no renewal due', async () => {
      const { found } = await tryWith(coturn, ['soak'], { settings: { relay: { soakSeconds: 2 } } });
      const { soak } = found;
      if (typeof soak !== 'object') throw new Error(soak);
      expect(soak).toMatchObject({ failed: [], staleNonces: [] });
      expect([soak.sent >= 2, soak.received]).toEqual([true, soak.sent]);
    });
  });
}

test('several allocations within a quota of one: each under a name of its own', async () => {
  const secret = ['use-auth-secret', 'static-auth-secret=north', 'realm=turn.test', 'user-quota=2'];
  const coturn = await startCoturn({ lines: secret });
  running.push(coturn);
  const { found } = await tryWith(coturn, ['relay-to-relay', 'mobility', 'lifetimes', 'deletion'], {
    credential: issuedCredential('north', Date.now()),
  });
  expect(found['relay-to-relay']).toMatchObject({ there: passed, back: passed });
  expect(found.deletion).toMatchObject({ first: 'granted' });
});

test('interrupted in the middle of a series, everything is given back', async () => {
  const coturn = await startReady({ lines: users });
  running.push(coturn);
  const abort = new AbortController();
  const tried = tryWith(coturn, ['relay-series', 'quota'], {
    signal: abort.signal,
    settings: { series: { count: 10_000, intervalMs: 20 } },
  });
  await coturn.logged(/peer 127\.0\.0\.1 lifetime updated/);
  abort.abort();
  await tried;
  const granted = () => coturn.log().match(/: new, realm=/g)?.length ?? 0;
  const deleted = () => coturn.log().match(/lifetime=0/g)?.length ?? 0;
  await coturn.logged(/lifetime=0/);
  expect(granted()).toBeGreaterThan(0);
  await expect.poll(deleted, { timeout: 5000 }).toBeGreaterThanOrEqual(granted());
});

test('trials leave room for the other listeners: a static user with a quota of three', async () => {
  const coturn = await startReady({ lines: [...users, 'user-quota=3'] });
  running.push(coturn);
  const steps = ['turn-allocate', 'relay-to-relay', 'mobility', 'lifetimes', 'even-port'] as const;
  const { all } = await probe(coturn, { transports: ['udp', 'tcp', 'tls'], steps });
  expect(all('turn-allocate').map(({ outcome }) => outcome)).toEqual(['allocated', 'allocated', 'allocated']);
  expect(all('turn-trial')).toContainEqual(
    expect.objectContaining({ outcome: 'skipped', reason: 'no allocation: 486' }),
  );
});
