import { describe, expect, test } from 'vitest';
import { addressToMap, listeningAddresses } from '../../src/init/addresses.ts';
import type { InterfaceAddress } from '../../src/model/facts.ts';

const on = (name: string, ip: string, scope: InterfaceAddress['scope'] = 'global'): InterfaceAddress => ({
  interface: name,
  ip,
  prefixLength: ip.includes(':') ? 64 : 24,
  scope,
});

const loopback = [on('lo', '127.0.0.1', 'host'), on('lo', '::1', 'host')];

describe('where to listen', () => {
  const cases: readonly {
    name: string;
    addresses: InterfaceAddress[];
    routes?: string[];
    expected: string[];
  }[] = [
    { name: 'nowhere but loopback', addresses: [], expected: [] },
    { name: 'the one address', addresses: [on('eth0', '198.51.100.7')], expected: ['198.51.100.7'] },
    {
      name: 'both families, without link-local',
      addresses: [on('eth0', '198.51.100.7'), on('eth0', 'fe80::1', 'link'), on('eth0', '2001:db8::7')],
      expected: ['198.51.100.7', '2001:db8::7'],
    },
    {
      name: 'public before private, wherever the route leads',
      addresses: [on('eth0', '10.0.0.5'), on('eth1', '198.51.100.7')],
      routes: ['eth0'],
      expected: ['198.51.100.7'],
    },
    {
      name: 'of private ones that with the default route',
      addresses: [on('docker0', '172.17.0.1'), on('eth0', '10.0.0.5')],
      routes: ['eth0'],
      expected: ['10.0.0.5'],
    },
    {
      name: 'no private IPv6 beside IPv4',
      addresses: [on('eth0', '10.0.0.5'), on('eth0', 'fd00::5')],
      expected: ['10.0.0.5'],
    },
    { name: 'private IPv6 alone', addresses: [on('eth0', 'fd00::5')], expected: ['fd00::5'] },
  ];
  test.each(cases)('$name', ({ addresses, routes = [], expected }) => {
    expect(listeningAddresses([...loopback, ...addresses], routes)).toEqual(expected);
  });
});

test('what has to be mapped', () => {
  expect(addressToMap(['198.51.100.7', '2001:db8::7'])).toBeNull();
  expect(addressToMap(['10.0.0.5', '2001:db8::7'])).toBe('10.0.0.5');
  expect(addressToMap(['100.64.1.2'])).toBe('100.64.1.2');
  expect(addressToMap(['10.0.0.5', '198.51.100.7'])).toBeNull();
  expect(addressToMap(['2001:db8::7'])).toBeNull();
  expect(addressToMap([])).toBeNull();
});
