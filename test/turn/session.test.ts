import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Transport, TransportAddress } from '../../src/model/transport.ts';
import { attribute } from '../../src/stun/attributes.ts';
import {
  allocate,
  channelBind,
  connect,
  connectionBind,
  createPermission,
  readGranted,
  refresh,
} from '../../src/turn/requests.ts';
import { newerCoturn, startCoturn } from '../support/coturn.ts';
import { openTurnClient, type TurnClient } from '../support/turn-client.ts';
import { startTurnServer } from '../support/turn-server.ts';

type Addresses = Readonly<Record<Transport, TransportAddress>> & { stop(): Promise<void> };

const credential = { username: 'alice', password: 'wonderland' };
const decomposed = 'u\u0308ber\u00a0all';
const realm = 'example.org';

async function coturn(version: 'installed' | 'newer'): Promise<Addresses> {
  const lines = ['lt-cred-mech', 'user=alice:wonderland', `user=bob:${decomposed}`, `realm=${realm}`];
  const { ip, port, tlsPort, stop } = await startCoturn({ version, lines });
  return { udp: { ip, port }, tcp: { ip, port }, tls: { ip, port: tlsPort }, stop };
}

const servers = [
  {
    name: 'our test server',
    start: () => startTurnServer({ users: { alice: 'wonderland', bob: decomposed }, realm }),
    relaysTcp: false,
    missing: false,
  },
  { name: 'coturn', start: () => coturn('installed'), relaysTcp: true, missing: false },
  {
    name: 'the coturn that TURNCTL_COTURN_NEWER names',
    start: () => coturn('newer'),
    relaysTcp: true,
    missing: newerCoturn === undefined,
  },
];

const clients: TurnClient[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const opened of [...clients.splice(0), ...sockets.splice(0)]) opened.close();
});

async function openPeer() {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, address: { ip: '127.0.0.1', port: socket.address().port } };
}

async function open(...args: Parameters<typeof openTurnClient>): Promise<TurnClient> {
  const client = await openTurnClient(...args);
  clients.push(client);
  return client;
}

const textOf = (data: Uint8Array): string => Buffer.from(data).toString();

for (const { name, start, relaysTcp, missing } of servers) {
  describe.skipIf(missing)(name, () => {
    let server: Addresses;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    test.each(['udp', 'tcp', 'tls'] as const)('relays both ways over %s', async transport => {
      const client = await open(transport, server[transport], { credential });
      const answer = await client.ask(allocate());
      expect(answer).toMatchObject({ kind: 'succeeded', integrity: 'verified', requestsSent: 2, met: [401] });
      const granted = answer.kind === 'succeeded' && readGranted(answer.response);
      if (!granted || 'malformed' in granted) throw new Error('nothing granted');
      const [relayed] = granted.relayedAddresses;
      const { socket, address } = await openPeer();

      expect(await client.ask(createPermission([address]))).toMatchObject({
        kind: 'succeeded',
        integrity: 'verified',
      });
      const outbound = once(socket, 'message');
      client.sendTo(address, 'out');
      const [data, from] = await outbound;
      expect([textOf(data), from.port]).toEqual(['out', relayed.port]);
      socket.send('in', relayed.port, relayed.ip);
      const inbound = await client.next('data');
      expect([textOf(inbound.data), inbound.peer, inbound.channel]).toEqual(['in', address, undefined]);

      expect(await client.ask(channelBind(0x4000, address))).toMatchObject({
        kind: 'succeeded',
        integrity: 'verified',
      });
      const framedOut = once(socket, 'message');
      client.sendOnChannel(0x4000, 'framed');
      expect(textOf((await framedOut)[0])).toBe('framed');
      socket.send('back', relayed.port, relayed.ip);
      const framed = await client.next('data');
      expect([textOf(framed.data), framed.channel]).toEqual(['back', 0x4000]);

      const released = await client.ask(refresh(0));
      expect(released.kind === 'succeeded' && attribute(released.response, 'LIFETIME')).toBe(0);
    });

    test('takes a password that RFC 8265 would have rewritten', async () => {
      const client = await open('udp', server.udp, { credential: { username: 'bob', password: decomposed } });
      expect(await client.ask(allocate())).toMatchObject({ kind: 'succeeded', integrity: 'verified' });
    });

    test('refuses a wrong password with a second 401', async () => {
      const client = await open('udp', server.udp, { credential: { ...credential, password: 'x' } });
      const answer = await client.ask(allocate());
      expect(answer).toMatchObject({ kind: 'failed', error: { code: 401 }, met: [401], requestsSent: 2 });
    });

    if (relaysTcp)
      test('relays a TCP connection (RFC 6062)', async () => {
        const peer = createServer(socket => socket.on('error', () => {}).write('220 peer speaks first\r\n'));
        peer.listen(0, '127.0.0.1');
        await once(peer, 'listening');
        const address = peer.address();
        const port = typeof address === 'object' && address ? address.port : 0;
        const control = await open('tcp', server.tcp, { credential });
        expect(await control.ask(allocate({ requestedTransport: 'tcp' }))).toMatchObject({
          kind: 'succeeded',
        });
        const connected = await control.ask(connect({ ip: '127.0.0.1', port }));
        const id =
          connected.kind === 'succeeded' ? attribute(connected.response, 'CONNECTION-ID') : undefined;
        const data = await open('tcp', server.tcp, { control });
        expect(await data.ask(connectionBind(id ?? 0))).toMatchObject({
          kind: 'succeeded',
          integrity: 'verified',
        });
        expect(textOf((await data.next('stream-data')).data)).toBe('220 peer speaks first\r\n');
        peer.close();
      });
  });
}
