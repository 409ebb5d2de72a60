import { describe, expect, test } from 'vitest';
import type { Net, PeerSocket } from '../../src/net/net.ts';
import { type Peer, strangerIp } from '../../src/probes/peer.ts';

const peerAt = (ip: string, seenAs = ip): Peer => ({
  socket: { localAddress: { ip, port: 1 } } as PeerSocket,
  address: { ip: seenAs, port: 1 },
});

const hostWith = (...ips: string[]) => ({ net: { localIps: () => ips } as unknown as Net });

const cases: [what: string, peer: Peer, ips: string[], expected: unknown][] = [
  ['loopback has a second address everywhere', peerAt('127.0.0.1'), ['127.0.0.1'], '127.0.0.2'],
  ['another interface', peerAt('192.0.2.2'), ['127.0.0.1', '192.0.2.2', '10.0.0.2'], '10.0.0.2'],
  ['another IPv6 address', peerAt('::1'), ['::1', 'fd00::2'], 'fd00::2'],
  [
    'one address only',
    peerAt('192.0.2.2'),
    ['127.0.0.1', '192.0.2.2'],
    { error: expect.stringContaining('no second') },
  ],
  [
    'a NAT',
    peerAt('10.0.0.2', '203.0.113.7'),
    ['10.0.0.2', '10.0.0.3'],
    { error: expect.stringContaining('behind a NAT') },
  ],
];

describe('an address without a permission', () => {
  for (const [what, peer, ips, expected] of cases) {
    test(what, () => expect(strangerIp(peer, hostWith(...ips))).toEqual(expected));
  }
});
