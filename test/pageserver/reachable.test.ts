import { expect, test } from 'vitest';
import { hostForOthers } from '../../src/pageserver/reachable.ts';

const at = (address: string, internal = false) => ({
  address,
  internal,
  family: address.includes(':') ? ('IPv6' as const) : ('IPv4' as const),
  netmask: '',
  mac: '',
  cidr: null,
  scopeid: 0,
});
const interfaces = {
  lo: [at('127.0.0.1', true)],
  eth0: [at('fe80::1'), at('2001:db8::7'), at('169.254.1.1'), at('192.168.1.7')],
};

const cases: [listening: string, host: string | null][] = [
  ['127.0.0.1', null],
  ['::1', null],
  ['localhost', null],
  ['192.168.1.9', '192.168.1.9'],
  ['2001:db8::9', '[2001:db8::9]'],
  ['0.0.0.0', '192.168.1.7'],
  ['::', '192.168.1.7'],
];
for (const [listening, host] of cases)
  test(`listening on ${listening}: others come to ${host}`, () =>
    expect(hostForOthers(listening, interfaces)).toBe(host));

test('with IPv6 alone', () => {
  const only = { eth0: [at('fe80::1'), at('2001:db8::7')] };
  expect([hostForOthers('::', only), hostForOthers('0.0.0.0', only)]).toEqual(['[2001:db8::7]', null]);
});
