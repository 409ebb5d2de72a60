import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { closedAddress } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';
import type { Faults } from '../support/turn-faults.ts';
import { startTurnServer, type TurnServer, type TurnServerOptions } from '../support/turn-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

async function serverWith(faults: Faults = {}, options: TurnServerOptions = {}): Promise<TurnServer> {
  const server = await startTurnServer({ users: { alice: 'wonderland' }, ...options, faults });
  closers.push(server.stop);
  return server;
}

const passed = { outcome: 'passed' };

describe('a server of ours that behaves', () => {
  test('every leg, over IPv4 and IPv6', async () => {
    for (const ip of ['127.0.0.1', '::1'] as const) {
      const server = await serverWith({}, { ip });
      const { one } = await probe(server.udp, { steps: ['turn-data-path'] });
      expect(one('turn-data-path')).toMatchObject({ outcome: 'complete', inbound: passed, outbound: passed });
      const asked = server.requests.filter(({ method }) => method === 'allocate');
      expect(asked.map(({ answer }) => answer)).toEqual([401, 'success']);
      expect(server.requests.at(-1)).toMatchObject({ method: 'refresh', answer: 'success' });
    }
  });
});

describe('authentication', () => {
  test('438 once is answered and remembered', async () => {
    const { udp } = await serverWith({ staleNonces: 1 });
    const { one } = await probe(udp, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'allocated', retries: [438], requestsSent: 3 });
  });

  test('438 for ever is the outcome, after the challenge', async () => {
    const { udp } = await serverWith({ staleNonces: Number.POSITIVE_INFINITY });
    const { one } = await probe(udp, { steps: ['turn-allocate', 'server-identity'] });
    expect(one('turn-allocate')).toMatchObject({
      outcome: 'error-response',
      code: 438,
      afterChallenge: true,
    });
    expect(one('server-identity')).toMatchObject({ staleOnFirstTry: 12, rejected: 12, authenticated: 0 });
  });

  for (const integrity of ['missing', 'wrong'] as const) {
    test(`a success with ${integrity} integrity`, async () => {
      const { udp } = await serverWith({ integrity });
      const { one } = await probe(udp, { steps: ['turn-allocate'] });
      expect(one('turn-allocate')).toMatchObject({ outcome: 'allocated', integrity });
    });
  }

  test('an error after the challenge', async () => {
    const { udp } = await serverWith({ refuse: { allocate: 486 } });
    const { one } = await probe(udp, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({
      outcome: 'error-response',
      code: 486,
      afterChallenge: true,
    });
  });
});

describe('300 (Try Alternate)', () => {
  test('is followed', async () => {
    const target = await serverWith();
    const first = await serverWith({ alternateServer: target.udp });
    const { one } = await probe(first.udp, { steps: ['turn-data-path'] });
    expect(one('turn-allocate')).toMatchObject({
      outcome: 'allocated',
      retries: [300],
      server: first.udp,
      alternate: target.udp,
    });
    expect(one('turn-data-path')).toMatchObject({ inbound: passed, outbound: passed });
  });

  test('leads to a dead server', async () => {
    const { udp } = await serverWith({ alternateServer: closedAddress });
    const { one } = await probe(udp, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'refused', alternate: closedAddress });
  });

  test('is not followed in a circle', async () => {
    const server = await serverWith();
    server.faults.alternateServer = server.udp;
    const { one } = await probe(server.udp, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'error-response', code: 300 });
    expect(server.requests.map(({ answer }) => answer)).toEqual([401, 300]);
  });

  test('is followed three times at most', async () => {
    let next = await serverWith();
    for (let hop = 0; hop < 4; hop += 1) next = await serverWith({ alternateServer: next.udp });
    const { one } = await probe(next.udp, { steps: ['turn-allocate'] });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'error-response', code: 300, requestsSent: 8 });
  });
});

describe('addresses', () => {
  test('a mapped address that is not ours is reported as the server says it', async () => {
    const mappedAddress = { ip: '203.0.113.77', port: 5000 };
    const { udp } = await serverWith({ mappedAddress });
    const { one } = await probe(udp, { steps: ['stun-binding', 'turn-data-path'] });
    expect(one('stun-binding')).toMatchObject({ mappedAddress, localAddress: { ip: '127.0.0.1' } });
    expect(one('turn-data-path')).toMatchObject({ outcome: 'complete' });
  });

  test('a peer behind a NAT is learnt from an allocation of its own where Binding is silent', async () => {
    const server = await serverWith({
      mappedAddress: { ip: '127.0.0.1', port: 5000 },
      relayedAddress: ({ port }) => ({ ip: '203.0.113.9', port }),
      drop: { binding: Number.POSITIVE_INFINITY },
    });
    server.faults.mappedAddress = { ip: '203.0.113.77', port: 5000 };
    const { one } = await probe(server.udp, { steps: ['turn-data-path'], timeoutMs: 6000 });
    expect(one('turn-data-path')).toMatchObject({ peerAddress: { ip: '203.0.113.77', port: 5000 } });
    const methods = server.requests.map(({ method, answer }) => `${method} ${answer}`);
    expect(methods.filter(line => line === 'allocate success')).toHaveLength(2);
    expect(methods.filter(line => line === 'refresh success')).toHaveLength(2);
  });
});

describe('data', () => {
  test('lost on the way in: outbound still walks', async () => {
    const { udp } = await serverWith({ dropData: 'in' });
    const { one } = await probe(udp, { steps: ['turn-data-path'] });
    expect(one('turn-data-path')).toMatchObject({
      inbound: { outcome: 'lost', sent: 4 },
      outbound: passed,
      channelInbound: { outcome: 'skipped' },
      channelOutbound: passed,
      unpermitted: { outcome: 'skipped' },
    });
  });

  test('lost on the way out', async () => {
    const { udp } = await serverWith({ dropData: 'out' });
    const { one } = await probe(udp, { steps: ['turn-data-path'] });
    expect(one('turn-data-path')).toMatchObject({ inbound: passed, outbound: { outcome: 'lost', sent: 4 } });
  });
});

describe('no good answer', () => {
  test('one lost request is a second send, not silence', async () => {
    const { udp } = await serverWith({ drop: { binding: 1, allocate: 1 } });
    const { one } = await probe(udp, { steps: ['stun-binding', 'turn-allocate'] });
    expect(one('stun-binding')).toMatchObject({ outcome: 'answered', requestsSent: 2 });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'allocated', requestsSent: 3 });
  });

  test('a slow server is no silent one', async () => {
    const { udp } = await serverWith({ delayMs: 300 });
    const { one } = await probe(udp, { steps: ['stun-binding', 'turn-allocate'] });
    expect(one('stun-binding')).toMatchObject({ outcome: 'answered', requestsSent: 2 });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'allocated' });
  });

  test('silence ends with the timeout, and says how often was asked', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    closers.push(() => silent.close());
    await once(silent, 'listening');
    const start = performance.now();
    const seen = await probe({ ip: '127.0.0.1', port: silent.address().port }, { timeoutMs: 600 });
    expect(performance.now() - start).toBeLessThan(1500);
    expect(seen.one('stun-binding')).toMatchObject({ outcome: 'no-response', requestsSent: 2 });
    expect(seen.one('turn-allocate')).toMatchObject({ outcome: 'no-response', requestsSent: 2 });
    expect(seen.one('turn-data-path')).toMatchObject({
      outcome: 'skipped',
      reason: 'no allocation: no-response',
    });
    expect(seen.one('server-identity')).toMatchObject({ outcome: 'no-response' });
  });

  test('a closed port is refused, over UDP and TCP', async () => {
    const { all } = await probe(closedAddress, { transports: ['udp', 'tcp', 'tls'] });
    const failed = [...all('stun-binding'), ...all('turn-allocate'), ...all('tls-handshake')];
    expect(new Set(failed.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
  });

  test('an answer from another port is an invalid one', async () => {
    const { udp } = await serverWith({ answerFromOtherPort: true });
    const { one } = await probe(udp, { steps: ['stun-binding'], timeoutMs: 1000 });
    expect(one('stun-binding')).toMatchObject({
      outcome: 'invalid-response',
      problem: expect.stringMatching(/^the answer came from 127\.0\.0\.1:\d+$/),
    });
  });

  test('garbage', async () => {
    const { udp } = await serverWith({
      instead: new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'),
    });
    const { one } = await probe(udp, { steps: ['stun-binding', 'turn-allocate'], timeoutMs: 400 });
    const problem = expect.stringContaining('HTTP');
    expect(one('stun-binding')).toMatchObject({ outcome: 'invalid-response', problem });
    expect(one('turn-allocate')).toMatchObject({ outcome: 'invalid-response', problem });
  });

  test('a web server, and one that hangs up', async () => {
    const listen = async (answer: string) => {
      const server = createServer(socket =>
        socket.on('error', () => {}).once('data', () => socket.end(answer)),
      );
      closers.push(() => server.close());
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { ip: '127.0.0.1', port: (server.address() as AddressInfo).port };
    };
    const steps = ['stun-binding', 'turn-allocate'] as const;
    const web = await probe(await listen('HTTP/1.1 400 Bad Request\r\n\r\n'), { transports: ['tcp'], steps });
    expect(web.one('stun-binding')).toMatchObject({ outcome: 'invalid-response' });
    expect(web.one('turn-allocate')).toMatchObject({ outcome: 'invalid-response' });
    const closing = await probe(await listen(''), { transports: ['tcp'], steps });
    expect(closing.one('stun-binding')).toMatchObject({ outcome: 'closed' });
  });
});

describe('names', () => {
  test('one that does not exist is unresolved, and nothing else is tried', async () => {
    const { observations } = await probe({ ip: 'turn.invalid', port: 3478 });
    expect(observations).toMatchObject([{ probe: 'dns', outcome: 'unresolved' }]);
  });
});

describe('an abort', () => {
  test('ends a silent wait at once', async () => {
    const { udp } = await serverWith({
      drop: { binding: Number.POSITIVE_INFINITY, allocate: Number.POSITIVE_INFINITY },
    });
    const abort = new AbortController();
    const { one } = await probe(udp, {
      steps: ['stun-binding'],
      signal: abort.signal,
      onEvent: ({ waitingFor }) => {
        if (/ 2 of \d+ sends$/.test(waitingFor)) abort.abort();
      },
    });
    expect(one('stun-binding')).toMatchObject({ outcome: 'skipped', reason: 'interrupted' });
  });

  test('gives back an allocation that is granted only after the first Refresh', async () => {
    const faults: Faults = { refuse: { refresh: 437 } };
    const server = await serverWith(faults);
    const refused = () =>
      server.requests.some(({ method, answer }) => method === 'refresh' && answer === 437);
    const grantLater = setInterval(() => {
      if (refused()) faults.refuse = {};
    }, 5);
    closers.push(() => clearInterval(grantLater));
    const abort = new AbortController();
    await probe(server.udp, {
      steps: ['turn-allocate'],
      signal: abort.signal,
      onEvent: ({ waitingFor }) => {
        if (/^Allocate .* 2 of \d+ sends$/.test(waitingFor)) abort.abort();
      },
    });
    expect(refused()).toBe(true);
    expect(server.requests.at(-1)).toMatchObject({ method: 'refresh', answer: 'success' });
  });
});
