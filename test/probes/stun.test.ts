import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { observed } from '../../src/model/observation.ts';
import type { Transport } from '../../src/model/transport.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import type { Step } from '../../src/probes/plan.ts';
import { runProbes } from '../../src/probes/run.ts';
import type { ProbeSettings } from '../../src/probes/settings.ts';
import { closedAddress, newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';
import { type StunServerOptions, startStunServer } from '../support/stun-server.ts';
import { startTurnServer } from '../support/turn-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

async function probeStun(
  { ip, port }: { ip: string; port: number },
  steps: readonly Step[],
  {
    settings = {},
    transport = 'udp',
    timeoutMs = 5000,
  }: { settings?: ProbeSettings; transport?: Transport; timeoutMs?: number } = {},
) {
  return runProbes(nodeNet(systemClock), systemClock, {
    uris: [{ scheme: transport === 'tls' ? 'stuns' : 'stun', host: ip, port, transport }],
    steps: new Set(steps),
    settings,
    timeoutMs,
    signal: new AbortController().signal,
  });
}

async function seriesFrom(react: StunServerOptions['react'], count = 40, timeoutMs = 5000) {
  const server = await startStunServer(react ? { react } : {});
  closers.push(server.stop);
  const settings = { series: { count, intervalMs: 5 } };
  const [series] = observed(
    await probeStun(server.address, ['stun-series'], { settings, timeoutMs }),
    'stun-series',
  );
  return series;
}

describe('a series of Binding requests', () => {
  test('all answered', async () => {
    const series = await seriesFrom(undefined);
    expect(series).toMatchObject({
      outcome: 'complete',
      sent: 40,
      received: 40,
      longestGap: 0,
      duplicates: 0,
    });
    if (series?.outcome !== 'complete') return;
    const { min, median, p95, p99, max } = series.rttMs;
    expect([min, median, p95, p99, max]).toEqual([min, median, p95, p99, max].sort((a, b) => a - b));
  });

  test('loss, in a row and single', async () => {
    const lost = new Set([3, 10, 11, 12, 39]);
    const series = await seriesFrom((_, index) => ({ times: lost.has(index) ? 0 : 1 }));
    expect(series).toMatchObject({ outcome: 'complete', received: 35, longestGap: 3, unansweredAtEnd: 1 });
  });

  test('duplicates are no answers, and one that comes late is out of order', async () => {
    const series = await seriesFrom((_, index) => ({
      times: index === 5 ? 3 : 1,
      delayMs: index === 20 ? 40 : 0,
    }));
    expect(series).toMatchObject({ received: 40, duplicates: 2, reordered: 1 });
  });

  test('silence from the start is not loss', async () => {
    const series = await seriesFrom(() => ({ times: 0 }), 40, 600);
    expect(series).toMatchObject({ outcome: 'no-response', requestsSent: expect.any(Number) });
  });

  test('silence from a moment on', async () => {
    const series = await seriesFrom((_, index) => ({ times: index < 20 ? 1 : 0 }));
    expect(series).toMatchObject({ received: 20, unansweredAtEnd: 20, longestGap: 20 });
  });

  test('a port where nobody listens', async () => {
    const observations = await probeStun(closedAddress, ['stun-series']);
    expect(observed(observations, 'stun-series')).toMatchObject([{ outcome: 'refused' }]);
  });

  test('over TCP and TLS too', async () => {
    const server = await startTurnServer();
    closers.push(server.stop);
    for (const transport of ['tcp', 'tls'] as const) {
      const settings = { series: { count: 10, intervalMs: 5 } };
      const observations = await probeStun(server[transport], ['stun-series'], { settings, transport });
      expect(observed(observations, 'stun-series')).toMatchObject([{ outcome: 'complete', received: 10 }]);
    }
  });
});

describe('unusual requests', () => {
  const expected = {
    installed: {
      unknownAttribute: { answer: 420, reason: 'Unknown Attribute', unknownAttributes: [0x7ffe] },
      legacy: { answered: true, requestBytes: 20 },
    },
    newer: {
      unknownAttribute: { answer: 420, reason: '' },
      changeRequest: { answer: 420 },
      legacy: { answered: false },
    },
  };
  const versions = newerCoturn ? (['installed', 'newer'] as const) : (['installed'] as const);
  test.each(versions)('coturn, %s', async version => {
    const coturn = await startCoturn({ version });
    closers.push(coturn.stop);
    const { one } = await probe(coturn, { steps: ['stun-conformance'], credential: undefined });
    expect(one('stun-conformance')).toMatchObject({ outcome: 'complete', ...expected[version] });
  });

  test('a lax server, which also answers what is older than the cookie', async () => {
    const server = await startStunServer({ react: () => ({}), legacyBytes: 60 });
    closers.push(server.stop);
    const [seen] = observed(await probeStun(server.address, ['stun-conformance']), 'stun-conformance');
    expect(seen).toMatchObject({
      unknownAttribute: { answer: 'success' },
      legacy: { answered: true, requestBytes: 20, responseBytes: 80 },
    });
  });

  test('silence', async () => {
    const server = await startStunServer({ react: () => ({ times: 0 }) });
    closers.push(server.stop);
    const observations = await probeStun(server.address, ['stun-conformance'], { timeoutMs: 1000 });
    expect(observed(observations, 'stun-conformance')).toMatchObject([{ outcome: 'no-response' }]);
  });
});

test('every transport on every port of coturn', async () => {
  const coturn = await startCoturn();
  closers.push(coturn.stop);
  const { one } = await probe(coturn, { steps: ['stun-ports'] });
  const seen = one('stun-ports');
  if (seen.outcome !== 'complete') throw new Error(seen.outcome);
  const answering = seen.ports.filter(({ result }) => result === 'answered');
  expect(answering).toEqual(
    (['udp', 'tcp', 'tls'] as const).map(transport => ({ port: coturn.port, transport, result: 'answered' })),
  );
});

test('a host on which no port answers', async () => {
  const observations = await probeStun(closedAddress, ['stun-ports']);
  expect(observed(observations, 'stun-ports')).toMatchObject([{ outcome: 'refused' }]);
});

test('an address rewritten in clear', async () => {
  const plainMappedAddress = { ip: '192.168.1.7', port: 1234 };
  const server = await startStunServer({ react: () => ({ plainMappedAddress }) });
  closers.push(server.stop);
  const [binding] = observed(await probeStun(server.address, ['stun-binding']), 'stun-binding');
  expect(binding).toMatchObject({
    outcome: 'answered',
    plainMappedAddress,
    mappedAddress: { ip: '127.0.0.1' },
  });
});

/** Sends each datagram of a client to another server than the one before, and what comes back to the client: no affinity. */
async function balanceWithoutAffinity(ports: readonly number[]): Promise<number> {
  const front = createSocket('udp4').bind(0, '127.0.0.1');
  await once(front, 'listening');
  const clients = new Map<number, { readonly backs: readonly Socket[]; next: number }>();
  const clientOf = (port: number) => {
    const back = () => createSocket('udp4').on('message', bytes => front.send(bytes, port, '127.0.0.1'));
    const client = clients.get(port) ?? { backs: ports.map(back), next: clients.size };
    clients.set(port, client);
    return client;
  };
  front.on('message', (bytes, { port }) => {
    const client = clientOf(port);
    const index = client.next++ % ports.length;
    client.backs[index]!.send(bytes, ports[index]!, '127.0.0.1');
  });
  closers.push(() => {
    front.close();
    for (const { backs } of clients.values()) for (const socket of backs) socket.close();
  });
  return front.address().port;
}

describe('who answers', () => {
  test('a load balancer without affinity: a nonce just given is stale', async () => {
    const servers = [
      await startTurnServer({ users: { alice: 'wonderland' } }),
      await startTurnServer({ users: { alice: 'wonderland' } }),
    ];
    closers.push(...servers.map(server => server.stop));
    const port = await balanceWithoutAffinity(servers.map(({ udp }) => udp.port));
    const { one } = await probe({ ip: '127.0.0.1', port }, { steps: ['server-identity'] });
    expect(one('server-identity')).toMatchObject({ outcome: 'complete', answered: 12, staleOnFirstTry: 12 });
  });

  test('behind a stun: URI, by SOFTWARE', async () => {
    const servers = [await startTurnServer({ software: 'one' }), await startTurnServer({ software: 'two' })];
    closers.push(...servers.map(server => server.stop));
    const port = await balanceWithoutAffinity(servers.map(({ udp }) => udp.port));
    const [identity] = observed(
      await probeStun({ ip: '127.0.0.1', port }, ['server-identity']),
      'server-identity',
    );
    if (identity?.outcome !== 'complete') throw new Error(`${identity?.outcome}`);
    expect(identity.faces.map(({ software }) => software).sort()).toEqual(['one', 'two']);
  });
});
