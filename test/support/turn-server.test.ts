import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { attribute } from '../../src/stun/attributes.ts';
import { decode } from '../../src/stun/message.ts';
import { allocate, channelBind, createPermission, readGranted, refresh } from '../../src/turn/requests.ts';
import { packet } from './packets.ts';
import { openTurnClient, type TurnClient } from './turn-client.ts';
import { startTurnServer, type TurnServer, type TurnServerOptions } from './turn-server.ts';

const credential = { username: 'alice', password: 'wonderland' };
const users = { alice: 'wonderland', bob: 'builder' };
const binding = { method: 'binding', attributes: [] } as const;

const open: { close?(): void; stop?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) {
    resource.close?.();
    await resource.stop?.();
  }
});

async function start(options: TurnServerOptions = {}): Promise<TurnServer> {
  const server = await startTurnServer({ users, ...options });
  open.push(server);
  return server;
}

async function client(
  server: TurnServer,
  options: Parameters<typeof openTurnClient>[2] = { credential },
): Promise<TurnClient> {
  const opened = await openTurnClient('udp', server.udp, { waitMs: 400, ...options });
  open.push(opened);
  return opened;
}

describe('error codes', () => {
  const cases: readonly (readonly [number, TurnServerOptions, Parameters<TurnClient['ask']>[0][]])[] = [
    [400, {}, [{ method: 'allocate', attributes: [] }]],
    [400, {}, [allocate(), channelBind(0x5000, { ip: '127.0.0.1', port: 9 })]],
    [403, { deniedPeers: ['127.0.0.9'] }, [allocate(), createPermission([{ ip: '127.0.0.9', port: 9 }])]],
    [420, {}, [{ method: 'binding', attributes: [{ name: 0x7ffe, value: new Uint8Array(0) }] }]],
    [437, {}, [allocate(), allocate()]],
    [437, {}, [refresh(600)]],
    [442, {}, [allocate({ requestedTransport: 'tcp' })]],
    [443, {}, [allocate(), createPermission([{ ip: '::1', port: 9 }])]],
    [486, { userQuota: 0 }, [allocate()]],
    [508, { capacity: 0 }, [allocate()]],
    [500, { faults: { refuse: { refresh: 500 } } }, [allocate(), refresh(600)]],
    [300, { faults: { alternateServer: { ip: '127.0.0.1', port: 9 } } }, [allocate()]],
    [438, { faults: { staleNonces: Number.POSITIVE_INFINITY } }, [allocate()]],
  ];
  test.each(cases)('%i with %j', async (code, options, requests) => {
    const opened = await client(await start(options));
    const answers = [];
    for (const request of requests) answers.push(await opened.ask(request));
    expect(answers.at(-1)).toMatchObject({ kind: 'failed', error: { code } });
  });

  test('401 for a wrong password, and an unknown user', async () => {
    const server = await start();
    for (const username of ['alice', 'mallory']) {
      const opened = await client(server, { credential: { username, password: 'x' } });
      expect(await opened.ask(allocate())).toMatchObject({
        kind: 'failed',
        error: { code: 401 },
        met: [401],
      });
    }
  });
});

describe('faults', () => {
  test('no-stun: Binding is silent, Allocate answers', async () => {
    const server = await start({ faults: { drop: { binding: Number.POSITIVE_INFINITY } } });
    const opened = await client(server);
    expect(await opened.ask(binding)).toMatchObject({ kind: 'timed-out', requestsSent: 1 });
    expect(await opened.ask(allocate())).toMatchObject({ kind: 'succeeded' });
    expect(server.requests.map(({ method, answer }) => [method, answer])).toEqual([
      ['binding', 'dropped'],
      ['allocate', 401],
      ['allocate', 'success'],
    ]);
  });

  test('one lost request is resent', async () => {
    const opened = await client(await start({ faults: { drop: { binding: 1 } } }), { waitMs: 5000 });
    expect(await opened.ask(binding)).toMatchObject({ kind: 'succeeded', requestsSent: 2 });
  });

  test('438 once', async () => {
    const opened = await client(await start({ faults: { staleNonces: 1 } }));
    expect(await opened.ask(allocate())).toMatchObject({ kind: 'succeeded', met: [401, 438] });
  });

  test.each(['missing', 'wrong'] as const)('%s integrity', async integrity => {
    const opened = await client(await start({ faults: { integrity } }));
    expect(await opened.ask(allocate())).toMatchObject({ kind: 'succeeded', integrity });
  });

  test('false addresses', async () => {
    const mappedAddress = { ip: '192.0.2.1', port: 1 };
    const relayedAddress = ({ port }: { port: number }) => ({ ip: '10.0.0.5', port });
    const opened = await client(await start({ faults: { mappedAddress, relayedAddress } }));
    const answer = await opened.ask(allocate());
    const granted = answer.kind === 'succeeded' && readGranted(answer.response);
    expect(granted).toMatchObject({ mappedAddress, relayedAddresses: [{ ip: '10.0.0.5' }] });
  });

  test('another port answers, which a connected socket does not hear', async () => {
    const server = await start({ faults: { answerFromOtherPort: true } });
    expect(await (await client(server)).ask(binding)).toMatchObject({ kind: 'timed-out' });
    const socket = createSocket('udp4');
    open.push(socket);
    socket.send(packet('chromium-binding-request').bytes, server.udp.port, server.udp.ip);
    const [bytes, from] = await once(socket, 'message');
    expect(decode(bytes)).toHaveProperty('message');
    expect(from.port).not.toBe(server.udp.port);
  });

  test('HTTP on the port', async () => {
    const server = await start({ faults: { instead: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') } });
    const opened = await openTurnClient('tcp', server.tcp);
    open.push(opened);
    opened.ask(binding);
    expect(await opened.next('broken')).toMatchObject({ problem: "an HTTP answer (starts with 'HTTP')" });
  });

  test.each(['in', 'out'] as const)('data lost on the way %s', async direction => {
    const server = await start({ faults: { dropData: direction } });
    const opened = await client(server);
    const answer = await opened.ask(allocate());
    const granted = answer.kind === 'succeeded' && readGranted(answer.response);
    if (!granted || 'malformed' in granted) throw new Error('nothing granted');
    const peer = createSocket('udp4');
    open.push(peer);
    peer.bind(0, '127.0.0.1');
    await once(peer, 'listening');
    const address = { ip: '127.0.0.1', port: peer.address().port };
    await opened.ask(createPermission([address]));
    const { ip, port } = granted.relayedAddresses[0];
    const send = () => {
      opened.sendTo(address, 'out');
      peer.send('in', port, ip);
    };
    const arrival = direction === 'in' ? once(peer, 'message') : opened.next('data');
    send();
    await arrival;
    // The other way round works as soon as the fault is mended.
    const events = opened.events.filter(({ kind }) => kind === 'data');
    expect(events).toHaveLength(direction === 'in' ? 0 : 1);
    delete server.faults.dropData;
    const mended = direction === 'in' ? opened.next('data') : once(peer, 'message');
    send();
    await mended;
  });

  test('a late answer', async () => {
    const opened = await client(await start({ faults: { delayMs: 50 } }));
    const answer = await opened.ask(binding);
    expect(answer.elapsedMs).toBeGreaterThan(45);
  });
});

test('anonymous, and with an empty realm', async () => {
  const anonymous = await startTurnServer();
  open.push(anonymous);
  expect(await (await client(anonymous)).ask(allocate())).toMatchObject({ kind: 'succeeded', met: [] });
  const opened = await client(await start({ realm: '' }));
  expect(await opened.ask(allocate())).toMatchObject({
    kind: 'succeeded',
    met: [401],
    integrity: 'verified',
  });
});

test.each(['udp', 'tcp', 'tls'] as const)('IPv6 over %s, and relaying for it', async transport => {
  const server = await start({ ip: '::1' });
  const opened = await openTurnClient(transport, server[transport], { credential });
  open.push(opened);
  const answer = await opened.ask(allocate({ family: 'ipv6' }));
  const granted = answer.kind === 'succeeded' && readGranted(answer.response);
  expect(granted).toMatchObject({ mappedAddress: { ip: '::1' }, relayedAddresses: [{ ip: '::1' }] });
});

test('SOFTWARE, and an allocation that lives as long as asked', async () => {
  const opened = await client(await start({ software: 'test' }));
  const answer = await opened.ask(allocate({ lifetimeSeconds: 100 }));
  expect(answer.kind === 'succeeded' && attribute(answer.response, 'SOFTWARE')).toBe('test');
  expect(answer.kind === 'succeeded' && attribute(answer.response, 'LIFETIME')).toBe(100);
  expect(await opened.ask(refresh(0))).toMatchObject({ kind: 'succeeded' });
  expect(await opened.ask(refresh(600))).toMatchObject({ kind: 'failed', error: { code: 437 } });
});
