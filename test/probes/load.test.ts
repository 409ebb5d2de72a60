import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { issuedCredential } from '../../src/probes/credential.ts';
import { DEFAULT_LOAD, isLocalTarget, type LoadSettings } from '../../src/probes/load.ts';
import { type Coturn, newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';

const SECRET = 'load-test-secret';
const secret = ['use-auth-secret', `static-auth-secret=${SECRET}`, 'realm=load.test'];
const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

async function coturnWith(
  lines: readonly string[],
  version: 'installed' | 'newer' = 'installed',
): Promise<Coturn> {
  const coturn = await startCoturn({ lines: [...secret, ...lines], version });
  closers.push(coturn.stop);
  return coturn;
}

async function load(
  to: { ip: string; port: number },
  settings: Partial<LoadSettings>,
  signal = new AbortController().signal,
) {
  const { all } = await probe(to, {
    steps: ['load'],
    settings: { load: { ...DEFAULT_LOAD, budgetMs: 10_000, ...settings } },
    credential: issuedCredential(SECRET, Date.now()),
    timeoutMs: 60_000,
    signal,
  });
  return { allocations: all('load-allocations')[0], relay: all('load-relay')[0] };
}

for (const version of ['installed', 'newer'] as const) {
  describe.skipIf(version === 'newer' && !newerCoturn)(`coturn, ${version}`, () => {
    test('sets up what was asked for, relays without loss, and gives all of it back', async () => {
      const coturn = await coturnWith([], version);
      const { allocations, relay } = await load(coturn, {
        allocations: 60,
        senders: 40,
        packets: 5000,
        durationMs: 30_000,
      });
      expect(allocations).toMatchObject({
        outcome: 'complete',
        allocated: 60,
        endedBy: 'count',
        released: 60,
        confirmed: 60,
      });
      // Loopback does not lose what fits into the buffers; each of them is counted once.
      expect(relay).toMatchObject({
        outcome: 'complete',
        senders: 40,
        sent: 5000,
        delivered: 5000,
        lost: 0,
        duplicates: 0,
      });
    });

    test('says that the quota gave out', async () => {
      const coturn = await coturnWith(['total-quota=10'], version);
      const { allocations } = await load(coturn, { allocations: 60, packets: 10 });
      expect(allocations).toMatchObject({
        endedBy: 'quota',
        why: 'Allocate was answered with 486',
      });
      if (allocations?.outcome !== 'complete') throw new Error(allocations?.outcome);
      expect(allocations.allocated).toBe(10);
      expect(allocations.confirmed).toBe(allocations.released);
    });

    test('says that the ports gave out', async () => {
      const from = 47_000;
      const coturn = await coturnWith([`min-port=${from}`, `max-port=${from + 19}`], version);
      const { allocations } = await load(coturn, { allocations: 60, packets: 10 });
      expect(allocations).toMatchObject({ endedBy: 'ports', why: 'Allocate was answered with 508' });
      if (allocations?.outcome !== 'complete') throw new Error(allocations?.outcome);
      expect(allocations.allocated).toBeLessThanOrEqual(20);
      expect(allocations.confirmed).toBe(allocations.released);
    });
  });
}

test('a budget that nothing can keep ends the ramp', async () => {
  const coturn = await coturnWith([]);
  const { allocations } = await load(coturn, { allocations: 60, packets: 10, budgetMs: 0.001 });
  expect(allocations).toMatchObject({ endedBy: 'latency', allocated: 16 });
});

test('an abort in the middle gives everything back', async () => {
  const coturn = await coturnWith([]);
  const abort = new AbortController();
  const running = load(coturn, { allocations: 30, packets: 5_000_000, durationMs: 60_000 }, abort.signal);
  await coturn.logged(/CHANNEL_BIND processed, success/);
  abort.abort();
  const { allocations } = await running;
  expect(allocations).toMatchObject({ allocated: 30, released: 30, confirmed: 30 });
  const count = (pattern: RegExp) => coturn.log().match(pattern)?.length ?? 0;
  await expect
    .poll(() => count(/refreshed, [^\n]*lifetime=0/g), { timeout: 10_000 })
    .toBe(count(/new, realm=/g));
});

test('the loss is right to the packet', async () => {
  const coturn = await coturnWith([]);
  const lossy = await lossyPath(coturn, 7);
  const { relay } = await load(lossy, { allocations: 2, packets: 200, durationMs: 30_000 });
  expect(relay).toMatchObject({ sent: 200, lost: lossy.dropped(), duplicates: 0 });
  expect(lossy.dropped()).toBeGreaterThan(10);
});

/** A path to the server that loses every nth ChannelData on the way in, and counts them. */
async function lossyPath(server: Coturn, nth: number) {
  const front = createSocket('udp4');
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  const behind = new Map<number, ReturnType<typeof createSocket>>();
  let seen = 0;
  let dropped = 0;
  front.on('message', (bytes, from) => {
    if (((bytes[0] ?? 0) & 0xf0) === 0x40 && ++seen % nth === 0) {
      dropped += 1;
      return;
    }
    let socket = behind.get(from.port);
    if (!socket) {
      socket = createSocket('udp4');
      socket.on('message', answer => front.send(answer, from.port, from.address));
      behind.set(from.port, socket);
    }
    socket.send(bytes, server.port, server.ip);
  });
  closers.push(() => {
    for (const socket of [front, ...behind.values()]) socket.close();
  });
  return { ip: '127.0.0.1', port: front.address().port, dropped: () => dropped };
}

test('a server elsewhere is left alone, whatever the caller says', async () => {
  const { allocations } = await load({ ip: '192.0.2.1', port: 3478 }, {});
  expect(allocations).toMatchObject({
    outcome: 'skipped',
    reason: expect.stringContaining('--i-own-this-server'),
  });
  expect(isLocalTarget('127.9.9.9', [])).toBe(true);
  expect(isLocalTarget('::1', [])).toBe(true);
  expect(isLocalTarget('10.0.0.1', ['10.0.0.1'])).toBe(true);
  expect(isLocalTarget('10.0.0.2', ['10.0.0.1'])).toBe(false);
});
