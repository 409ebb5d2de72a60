import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Failure } from '../../src/model/outcome.ts';
import type { Transport } from '../../src/model/transport.ts';
import type { Opening } from '../../src/net/net.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';
import { mergeAnswers } from '../../src/net/node-dns.ts';
import { namesOf } from '../../src/net/tls-peer.ts';
import { closedAddress, selfSigned } from '../support/coturn.ts';

const net = nodeNet(systemClock);

function open(
  transport: Transport,
  port: number,
  { ip = '127.0.0.1', name = 'localhost', timeoutMs = 2000, signal = new AbortController().signal } = {},
): Promise<Opening> {
  return net.open({ transport, server: { ip, port }, name, timeoutMs, signal });
}

async function failureOf(opening: Promise<Opening>): Promise<Failure> {
  const opened = await opening;
  if ('channel' in opened) throw new Error('the channel opened');
  return opened.failure;
}

const servers: Server[] = [];
async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
afterAll(() => {
  for (const server of servers) server.close();
});

describe('udp', () => {
  test('an ICMP refusal is told apart from silence', async () => {
    const opened = await open('udp', closedAddress.port);
    if (!('channel' in opened)) throw new Error('no channel');
    const { channel } = opened;
    const failed = new Promise<Failure>(resolve => channel.receive({ bytes: () => {}, failed: resolve }));
    channel.send(Uint8Array.of(1));
    expect(await failed).toMatchObject({ outcome: 'refused' });
    channel.close();
    channel.close();
  });

  test('a datagram from another address is not received by a channel, but by a peer socket', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(other, 'listening')]);
    const peer = await net.openPeer('127.0.0.1');
    if ('error' in peer) throw new Error(peer.error);
    const opened = await open('udp', server.address().port);
    if (!('channel' in opened)) throw new Error('no channel');
    const { channel } = opened;
    const first = new Promise<string>(resolve =>
      channel.receive({ bytes: bytes => resolve(Buffer.from(bytes).toString()), failed: () => {} }),
    );
    const seen = new Promise<number>(resolve => peer.receive((_, from) => resolve(from.port)));
    other.send('stray', channel.localAddress.port, '127.0.0.1');
    other.send('stray', peer.localAddress.port, '127.0.0.1');
    expect(await seen).toBe(other.address().port);
    server.send('answer', channel.localAddress.port, '127.0.0.1');
    expect(await first).toBe('answer');
    for (const socket of [server, other, peer, channel]) socket.close();
  });

  test('an address that this host may not send to is unreachable', async () => {
    expect(await failureOf(open('udp', 3478, { ip: '255.255.255.255' }))).toMatchObject({
      outcome: 'unreachable',
    });
  });

  test('a peer socket on a foreign address says so', async () => {
    expect(await net.openPeer('203.0.113.1')).toEqual({ error: expect.stringContaining('EADDRNOTAVAIL') });
  });
});

describe('tcp', () => {
  test('refused', async () => {
    expect(await failureOf(open('tcp', closedAddress.port))).toMatchObject({ outcome: 'refused' });
  });

  test('what the server says before anyone listens is kept, and so is its hanging up', async () => {
    const opened = await open('tcp', await listen(createServer(socket => socket.end('hello'))));
    if (!('channel' in opened)) throw new Error('no channel');
    const events: string[] = [];
    await new Promise<void>(resolve =>
      opened.channel.receive({
        bytes: bytes => events.push(Buffer.from(bytes).toString()),
        failed: ({ outcome }) => {
          events.push(outcome);
          resolve();
        },
      }),
    );
    expect(events).toEqual(['hello', 'closed']);
  });

  test('an abort ends the attempt at once', async () => {
    const signal = AbortSignal.abort();
    expect(await failureOf(open('tcp', 9, { signal }))).toEqual({
      outcome: 'skipped',
      reason: 'interrupted',
    });
  });
});

describe('tls', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-tls-'));
  let port: number;
  beforeAll(async () => {
    const { certificatePath, keyPath } = selfSigned(folder, ['DNS:localhost', 'IP:127.0.0.1']);
    const files = { cert: readFileSync(certificatePath), key: readFileSync(keyPath) };
    port = await listen(createTlsServer(files, socket => socket.on('error', () => {})));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('accepts any certificate and says what a strict client would have said', async () => {
    const opened = await open('tls', port);
    if (!('channel' in opened)) throw new Error('no channel');
    expect(opened.channel.tls).toMatchObject({
      protocol: 'TLSv1.3',
      cipher: expect.stringMatching(/^TLS_/),
      untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      certificate: { subject: 'CN=localhost', names: ['localhost', '127.0.0.1'], chainLength: 1 },
    });
    expect(opened.channel.tls).not.toHaveProperty('nameMismatch');
    expect(opened.stagesMs).toEqual({ connect: expect.any(Number), tls: expect.any(Number) });
    opened.channel.close();
  });

  test('names the name that the certificate does not cover', async () => {
    const opened = await open('tls', port, { name: 'turn.test' });
    if (!('channel' in opened)) throw new Error('no channel');
    expect(opened.channel.tls?.nameMismatch).toBe('turn.test is not among localhost, 127.0.0.1');
    opened.channel.close();
  });

  test('a server that speaks no TLS', async () => {
    const http = await listen(createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(await failureOf(open('tls', http))).toEqual({
      outcome: 'tls-failed',
      error: expect.stringMatching(/wrong version|packet length/),
    });
  });

  test('a server that hangs up in the handshake', async () => {
    const closing = await listen(createServer(socket => socket.once('data', () => socket.destroy())));
    expect(await failureOf(open('tls', closing))).toMatchObject({ outcome: 'tls-failed' });
  });

  test('a server that never answers the ClientHello', async () => {
    const silent = await listen(createServer());
    expect(await failureOf(open('tls', silent, { timeoutMs: 60 }))).toMatchObject({
      outcome: 'tls-failed',
      error: expect.stringContaining('no answer to the ClientHello'),
    });
  });
});

describe('names', () => {
  const options = { timeoutMs: 5000, signal: new AbortController().signal };

  test('localhost, and an address as it is', async () => {
    expect(await net.resolve('localhost', options)).toMatchObject({
      ips: expect.arrayContaining(['127.0.0.1']),
    });
    expect(await net.resolve('2001:db8::1', options)).toEqual({ ips: ['2001:db8::1'], ms: 0 });
  });

  test('a name is unresolved only when neither family has an address', () => {
    expect(mergeAnswers({ error: 'ENOTFOUND' }, { ips: ['::1'] })).toEqual({ ips: ['::1'] });
    expect(mergeAnswers({ error: 'EAI_AGAIN' }, { error: 'ENOTFOUND' })).toEqual({ error: 'EAI_AGAIN' });
    expect(mergeAnswers({ error: 'ENOTFOUND' }, { error: 'ENOTFOUND' })).toMatchObject({
      error: expect.stringContaining('does not exist'),
    });
  });

  test('an abort ends the wait', async () => {
    const signal = AbortSignal.abort();
    expect(await net.resolve('localhost', { ...options, signal })).toMatchObject({ error: 'interrupted' });
  });

  test('of a certificate', () => {
    const text = 'DNS:a.test, IP Address:192.0.2.1, IP Address:0:0:0:0:0:0:0:1, email:x@y';
    expect(namesOf(text)).toEqual(['a.test', '192.0.2.1', '::1']);
    expect(namesOf(undefined)).toEqual([]);
  });
});
