import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isPeerDenied } from '../../src/config/peer-policy.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { parseIp } from '../../src/util/ip.ts';
import { type Coturn, newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';

const users = ['lt-cred-mech', 'user=alice:wonderland', 'realm=lab.test'];
const bothFamilies = ['127.0.0.1', '::1'].flatMap(ip => [`listening-ip=${ip}`, `relay-ip=${ip}`]);

/** Measured on twenty releases: 403 from this one on, by the default configuration; null: never. */
const REFUSED_SINCE: Readonly<Record<string, string | null>> = {
  '127.0.0.1': '4.5.1.1',
  '0.0.0.0': '4.5.2',
  '::1': '4.5.2',
  '::': '4.5.2',
  '::ffff:127.0.0.1': '4.13.0',
  '::7f00:1': '4.13.1',
  '64:ff9b::7f00:1': '4.13.1',
  '2002:7f00:1::1': '4.13.1',
  '169.254.113.97': '4.13.1',
  '169.254.169.254': '4.13.1',
  '::ffff:169.254.169.254': '4.13.1',
  'fe80::7161': '4.13.1',
  'fc00::7161': '4.13.1',
  'fd00:ec2::254': '4.13.1',
  'fec0::7161': '4.13.1',
  '10.253.113.97': null,
  '172.29.113.97': null,
  '192.168.253.97': null,
  '172.17.0.1': null,
  '100.125.113.97': null,
  '::ffff:10.253.113.97': null,
  '64:ff9b::afd:7161': null,
  '2002:afd:7161::1': null,
  '224.0.0.1': null,
  '239.255.255.250': null,
  '240.0.0.1': null,
  '255.255.255.255': null,
  'ff02::1': null,
  '192.0.0.1': null,
  '192.0.2.1': null,
  '198.18.0.1': null,
  '2001:db8::1': null,
  '8.8.8.8': null,
  '2001:4860:4860::8888': null,
};

const VERSIONS = [
  { version: 'installed' as const, refuses: (since: string) => !since.startsWith('4.13'), release: '4.6.1' },
  { version: 'newer' as const, refuses: () => true, release: '4.18.0' },
];

for (const { version, refuses, release } of VERSIONS) {
  describe.skipIf(version === 'newer' && !newerCoturn)(`coturn by default, ${version}`, () => {
    let coturn: Coturn;
    beforeAll(async () => {
      coturn = await startCoturn({
        version,
        ip: '127.0.0.1',
        loopbackPeersDenied: true,
        lines: [...bothFamilies, ...users],
      });
    });
    afterAll(() => coturn.stop());

    test('its peer policy is that of the table, by all three ways to ask', async () => {
      const { one } = await probe(coturn, { steps: ['peer-reach'], timeoutMs: 15_000 });
      const seen = one('peer-reach');
      if (seen.outcome !== 'complete') throw new Error(JSON.stringify(seen));
      expect(seen.notAsked).toEqual([]);
      const expected = Object.entries(REFUSED_SINCE).map(([ip, since]) => {
        const answer = since !== null && refuses(since) ? 403 : 'allowed';
        // Connect is asked over the family of the TCP allocation, where a permission was refused.
        return {
          ip,
          createPermission: answer,
          channelBind: answer,
          ...(answer === 403 && !ip.includes(':') ? { connect: 403 } : {}),
        };
      });
      const byIp = <T extends { ip: string }>(list: readonly T[]) =>
        [...list].sort((a, b) => (a.ip < b.ip ? -1 : 1));
      expect(byIp(seen.peers.map(({ kind, ...peer }) => peer))).toEqual(byIp(expected));
    });

    test('it is what the configuration model says of this release', async () => {
      const settings = settingsOf({ entries: [] }, release);
      const { one } = await probe(coturn, { steps: ['peer-reach'], timeoutMs: 15_000 });
      const seen = one('peer-reach');
      const peers = seen.outcome === 'complete' ? seen.peers : [];
      expect(peers.length).toBeGreaterThan(30);
      for (const { ip, createPermission } of peers) {
        expect(createPermission, ip).toBe(isPeerDenied(settings, parseIp(ip)!) ? 403 : 'allowed');
      }
    });

    test('damaged messages do not stop it', async () => {
      const { one } = await probe(coturn, { steps: ['malformed-requests'] });
      const seen = one('malformed-requests');
      expect(seen).toMatchObject({ outcome: 'complete', aliveAfter: true });
      if (seen.outcome !== 'complete') return;
      expect(seen.messages.length).toBeGreaterThan(10);
      for (const { answer } of seen.messages) expect(answer).not.toBe('success');
    });

    test('it challenges 200 strangers, and serves whoever has a credential after them', async () => {
      const { one } = await probe(coturn, { steps: ['challenge-limit'] });
      expect(one('challenge-limit')).toMatchObject({
        outcome: 'complete',
        sent: 200,
        challenged: 200,
        validUserServed: true,
      });
    });

    test('its answers to strangers have the measured sizes', async () => {
      const { one } = await probe(coturn, { steps: ['unauthenticated-answers'] });
      const seen = one('unauthenticated-answers');
      if (seen.outcome !== 'complete') throw new Error(seen.outcome);
      expect(seen.realm).toBe('lab.test');
      const sizes = Object.fromEntries(seen.requests.map(({ request, bytesOut }) => [request, bytesOut]));
      if (version === 'newer') {
        expect(seen.software).toBeUndefined();
        expect(sizes).toMatchObject({
          Binding: 32,
          'Binding of RFC 3489': 0,
          Allocate: 68,
          'Refresh, bare': 68,
        });
        return;
      }
      expect(seen.software).toMatch(/^Coturn-4\.6/);
      expect(sizes).toEqual({
        Binding: 92,
        'Binding of RFC 3489': 84,
        'Binding with CHANGE-REQUEST': 92,
        Allocate: 96,
        'Allocate, bare': 96,
        'Refresh, bare': 96,
        'CreatePermission, bare': 96,
      });
    });
  });
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

test('--active: a datagram arrives at our own socket behind a loopback peer', async () => {
  const coturn = await startCoturn({ lines: users });
  closers.push(coturn.stop);
  const { one } = await probe(coturn, { steps: ['peer-reach'], settings: { peers: { active: true } } });
  const seen = one('peer-reach');
  const arrived = seen.outcome === 'complete' ? seen.peers.filter(peer => peer.arrived === true) : [];
  expect(arrived.map(({ ip }) => ip)).toEqual(['127.0.0.1']);
});

test('without an IPv6 relay address that is said, and IPv4 is asked all the same', async () => {
  const coturn = await startCoturn({ lines: [...users, 'no-tcp-relay'], loopbackPeersDenied: true });
  closers.push(coturn.stop);
  const { one } = await probe(coturn, { steps: ['peer-reach'] });
  expect(one('peer-reach')).toMatchObject({
    notAsked: [
      { what: 'ipv6', reason: expect.stringMatching(/Allocate was answered with 4/) },
      { what: 'connect', reason: 'Allocate was answered with 442' },
    ],
  });
});

test('a server that ends with a damaged message is seen to be silent', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => socket.close());
  let alive = true;
  socket.on('message', (bytes, from) => {
    if (bytes.length < 20 || bytes.readUInt16BE(2) !== bytes.length - 20) alive = false;
    if (!alive) return;
    // A 401 in its shortest form.
    const answer = Buffer.concat([
      Buffer.from('0113000c2112a442', 'hex'),
      bytes.subarray(8, 20),
      Buffer.from('000900080000040100000000', 'hex'),
    ]);
    socket.send(answer, from.port, from.address);
  });
  const { one } = await probe(
    { ip: '127.0.0.1', port: socket.address().port },
    { steps: ['malformed-requests'], credential: undefined },
  );
  expect(one('malformed-requests')).toMatchObject({ outcome: 'complete', aliveAfter: false });
});

test('a management port that listens is open, the others are closed', async () => {
  const server = createServer(socket => socket.destroy());
  server.listen(9641, '127.77.0.3');
  await once(server, 'listening');
  closers.push(() => server.close());
  const { one } = await probe({ ip: '127.77.0.3', port: 3478 }, { steps: ['management-ports'] });
  const seen = one('management-ports');
  expect('ports' in seen && seen.ports.map(({ port, state }) => [port, state])).toEqual([
    [5766, 'closed'],
    [8080, 'closed'],
    [9641, 'open'],
  ]);
});
