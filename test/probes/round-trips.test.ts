import { expect, test } from 'vitest';
import { observed } from '../../src/model/observation.ts';
import type { Net } from '../../src/net/net.ts';
import { runProbes } from '../../src/probes/run.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { alice } from '../support/probing.ts';
import { slowPath } from '../support/slow-path.ts';

const uri = { scheme: 'turn', host: '203.0.113.10', port: 3478, transport: 'udp' } as const;

test('one allocation on a path with 100 ms delay: two round trips, and one to give it back', async () => {
  const clock = new FakeClock();
  const { net, packets } = slowPath(clock, 50);
  const running = runProbes(net, clock, {
    uris: [uri],
    steps: new Set(['turn-allocate']),
    credential: alice,
    signal: new AbortController().signal,
  });
  await clock.advance(300);
  const [allocation] = observed(await running, 'turn-allocate');
  expect(allocation).toMatchObject({
    outcome: 'allocated',
    requestsSent: 2,
    stagesMs: { challenge: 100, allocate: 100 },
  });
  expect(packets.map(({ atMs, way, method }) => `${atMs} ${way} ${method}`)).toEqual([
    '0 up allocate',
    '50 down allocate',
    '100 up allocate',
    '150 down allocate',
    '200 up refresh',
    '250 down refresh',
  ]);
  expect(clock.pending).toBe(0);
});

test('trials wait for the first allocation of every listener', async () => {
  const clock = new FakeClock();
  const { net, packets } = slowPath(clock, 50);
  const late = { ...uri, host: '203.0.113.11' };
  const open: Net['open'] = async options => {
    // The second listener takes its time, as TLS does.
    if (options.server.ip === late.host && clock.monotonic() === 0)
      await new Promise<void>(resolve => clock.schedule(150, resolve));
    return net.open(options);
  };
  const running = runProbes({ ...net, open }, clock, {
    uris: [uri, late],
    steps: new Set(['turn-allocate', 'mobility']),
    credential: alice,
    signal: new AbortController().signal,
  });
  await clock.advance(2000);
  expect(observed(await running, 'turn-trial').map(({ outcome }) => outcome)).toEqual([
    'complete',
    'complete',
  ]);
  const allocates = packets.filter(({ way, method }) => way === 'up' && method === 'allocate');
  expect(allocates.map(({ atMs }) => atMs)).toEqual([0, 100, 150, 250, 350, 350, 450, 450]);
});
