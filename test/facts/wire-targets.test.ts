import { describe, expect, test } from 'vitest';
import { type ListenerSettings, remoteTargets, wireTargets } from '../../src/facts/wire-targets.ts';
import type { InterfaceAddress } from '../../src/model/facts.ts';
import { formatUri } from '../../src/model/target.ts';

const address = (name: string, ip: string, scope: InterfaceAddress['scope']): InterfaceAddress => ({
  interface: name,
  ip,
  prefixLength: ip.includes(':') ? 64 : 24,
  scope,
});

const loopback = [address('lo', '127.0.0.1', 'host'), address('lo', '::1', 'host')];
const ethernet = [
  ...loopback,
  address('eth0', '10.0.0.5', 'global'),
  address('eth0', '203.0.113.10', 'global'),
  address('eth0', '2001:db8::10', 'global'),
  address('eth0', 'fe80::1', 'link'),
  address('docker0', '172.17.0.1', 'global'),
];

const settings: ListenerSettings = {
  listeningIps: [],
  listeningPort: 3478,
  tlsPort: 5349,
  udp: true,
  tcp: false,
  tls: false,
  addresses: ethernet,
};

const cases: [what: string, change: Partial<ListenerSettings>, uris: string[]][] = [
  [
    'every address: public first, two of a family at most, no loopback beside them',
    {},
    [
      'turn:203.0.113.10:3478?transport=udp',
      'turn:10.0.0.5:3478?transport=udp',
      'turn:[2001:db8::10]:3478?transport=udp',
    ],
  ],
  [
    'all transports of one address',
    { listeningIps: ['203.0.113.10'], tcp: true, tls: true },
    [
      'turn:203.0.113.10:3478?transport=udp',
      'turn:203.0.113.10:3478?transport=tcp',
      'turns:203.0.113.10:5349?transport=tcp',
    ],
  ],
  ['loopback when it is asked for', { listeningIps: ['127.0.0.1'] }, ['turn:127.0.0.1:3478?transport=udp']],
  [
    'loopback when there is nothing else',
    { addresses: loopback },
    ['turn:127.0.0.1:3478?transport=udp', 'turn:[::1]:3478?transport=udp'],
  ],
  [
    'a wildcard is every address',
    { listeningIps: ['0.0.0.0'], addresses: [address('eth0', '203.0.113.10', 'global')] },
    ['turn:203.0.113.10:3478?transport=udp'],
  ],
  [
    'a foreign listening-ip only when no other is local',
    { listeningIps: ['198.51.100.1', '203.0.113.10'] },
    ['turn:203.0.113.10:3478?transport=udp'],
  ],
  [
    'a foreign listening-ip alone',
    { listeningIps: ['198.51.100.1'] },
    ['turn:198.51.100.1:3478?transport=udp'],
  ],
  ['nothing listens', { udp: false }, []],
];

describe('wireTargets', () => {
  for (const [what, change, uris] of cases) {
    test(what, () => expect(wireTargets({ ...settings, ...change }).map(formatUri)).toEqual(uris));
  }
});

describe('from another machine', () => {
  const inside = [...loopback, address('eth0', '10.0.0.5', 'global'), address('eth1', '10.9.0.5', 'global')];
  const elsewhere: [
    what: string,
    external: string[],
    ListenerSettings,
    reached: string | null,
    ips: string[],
  ][] = [
    ['what external-ip tells', ['198.51.100.7', 'turn.invalid'], settings, '10.0.0.5', ['198.51.100.7']],
    ['public addresses', [], settings, '10.0.0.5', ['203.0.113.10', '[2001:db8::10]']],
    ['the way SSH took, without any', [], { ...settings, addresses: inside }, '10.9.0.5', ['10.9.0.5']],
    [
      'every address, where SSH came another way',
      [],
      { ...settings, addresses: inside },
      null,
      ['10.0.0.5', '10.9.0.5'],
    ],
    [
      'only what coturn listens on',
      [],
      { ...settings, addresses: inside, listeningIps: ['10.0.0.5'] },
      '10.9.0.5',
      ['10.0.0.5'],
    ],
  ];
  for (const [what, external, listeners, reached, ips] of elsewhere) {
    test(what, () => {
      const uris = remoteTargets(listeners, { external, reached }).map(formatUri);
      expect(uris).toEqual(ips.map(ip => `turn:${ip}:3478?transport=udp`));
    });
  }
});
