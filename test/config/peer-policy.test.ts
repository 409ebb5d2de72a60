import { describe, expect, test } from 'vitest';
import { isPeerDenied, reachablePeers, readPeerRange } from '../../src/config/peer-policy.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { parseIp } from '../../src/util/ip.ts';
import { formatIpRange } from '../../src/util/ip-range.ts';

const settings = (lines: string[], version = '4.6.1') =>
  settingsOf(readConfig(Buffer.from(lines.join('\n')), { path: 'x', foundBy: 'asked' }), version);
const denied = (peer: string, lines: string[] = [], version?: string): boolean =>
  isPeerDenied(settings(lines, version), parseIp(peer)!);

describe('who is denied, by version and lists', () => {
  const lan = 'denied-peer-ip=10.0.0.0-10.255.255.255';
  const cases: [string, string[], string, boolean][] = [
    ['8.8.8.8', [], '4.6.1', false],
    ['127.0.0.1', [], '4.6.1', true],
    ['::1', [], '4.6.1', true],
    ['127.0.0.1', ['allow-loopback-peers'], '4.6.1', false],
    ['127.0.0.1', ['allowed-peer-ip=127.0.0.1'], '4.6.1', true],
    ['0.0.0.1', [], '4.5.1.1', false],
    ['0.0.0.1', [], '4.5.2', true],
    ['10.0.0.1', [], '4.18.0', false],
    ['10.0.0.1', [lan], '4.6.1', true],
    ['10.0.0.1', [lan, 'allowed-peer-ip=10.0.0.1'], '4.6.1', false],
    ['10.0.0.1', [lan, 'external-ip=203.0.113.1/10.0.0.1'], '4.6.1', false],
    ['10.0.0.1', [lan, 'external-ip=203.0.113.1/10.0.0.1'], '4.5.1.3', true],
    ['10.0.0.1', ['denied-peer-ip=10.0.0.0/8'], '4.6.1', false],
    ['10.0.0.5', ['denied-peer-ip=10.0.0.9-10.0.0.1'], '4.6.1', false],
    ['10.0.0.1', ['denied-peer-ip=10.0.0.0 - 10.0.0.2'], '4.6.1', true],
    ['::1', ['allow-loopback-peers', 'denied-peer-ip=10.0.0.1-'], '4.18.0', true],
    ['9.0.0.1', ['denied-peer-ip=10.0.0.1-'], '4.18.0', false],
    ['8.8.8.8', ['denied-peer-ip=::'], '4.18.0', true],
    ['8.8.8.8', ['denied-peer-ip=::-::ffff'], '4.6.1', true],
    ['8.8.8.8', ['denied-peer-ip=0.0.0.0-0.255.255.255'], '4.6.1', false],
    ['203.0.113.1', ['denied-peer-ip=203.0.113.1', 'external-ip=203.0.113.1/10.0.0.1'], '4.6.1', false],
    ['203.0.113.1', ['external-ip=203.0.113.1/127.0.0.1'], '4.18.0', true],
    ['239.0.0.1', [], '4.6.1', false],
    ['239.0.0.1', ['no-multicast-peers'], '4.6.1', true],
    ['250.0.0.1', ['no-multicast-peers'], '4.6.1', true],
    ['ff02::1', ['no-multicast-peers'], '4.6.1', true],
    ['169.254.169.254', [], '4.13.0', false],
    ['169.254.169.254', [], '4.13.1', true],
    ['fd00::1', [], '4.13.0', false],
    ['fd00::1', ['allowed-peer-ip=fd00::1'], '4.13.1', true],
    ['::ffff:127.0.0.1', [], '4.12.0', false],
    ['::ffff:127.0.0.1', [], '4.13.0', true],
    ['::ffff:127.0.0.2', [], '4.8.0', false],
    ['::ffff:127.0.0.2', [], '4.9.0', true],
    ['::ffff:10.0.0.1', [lan], '4.8.0', false],
    ['::ffff:10.0.0.1', [lan], '4.9.0', true],
    ['::ffff:10.0.0.1', ['denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255'], '4.6.1', true],
    ['64:ff9b::127.0.0.1', [], '4.13.0', false],
    ['64:ff9b::127.0.0.1', [], '4.13.1', true],
    ['2002:a00:1::1', [lan], '4.13.1', true],
  ];
  test.each(cases)('%s with %j at %s: %s', (peer, lines, version, expected) => {
    expect(denied(peer, lines, version)).toBe(expected);
  });
});

test('what is left can be reached', () => {
  const reachable = reachablePeers(
    settings(['no-multicast-peers', 'denied-peer-ip=1.0.0.0-126.255.255.255']),
  );
  expect(reachable.map(formatIpRange)).toEqual([
    '128.0.0.0-223.255.255.255',
    '::2-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ]);
});

test.each([
  ['10.0.0.0/8', null],
  ['YOUR_NET', null],
  ['10.0.0.1-10.0.0.2-10.0.0.3', null],
  ['10.0.0.1 # x', null],
  ['lan.example.org', 'name'],
  ['a.example.org-b.example.org', 'name'],
])('%s is no range', (value, expected) => expect(readPeerRange(value)).toBe(expected));

test.each(['', '10.1', '1-2', '10.0.0.9-10.0.0.1', '10.0.0.1-::1', '10.0.0.1-'])('"%s" is taken', value =>
  expect(readPeerRange(value)).toMatchObject({ family: 'ipv4' }),
);
