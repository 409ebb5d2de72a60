import { expect, test } from 'vitest';
import { parseDefaultInterfaces, readDefaultInterfaces } from '../../src/host/routes.ts';
import { fixedHost } from '../support/fixed-host.ts';

test('the interface of every default route', () => {
  expect(
    parseDefaultInterfaces('default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.5 metric 100 \n'),
  ).toEqual(['eth0']);
  expect(parseDefaultInterfaces('default dev ppp0 scope link\ndefault via fe80::1 dev wan0\n')).toEqual([
    'ppp0',
    'wan0',
  ]);
  expect(parseDefaultInterfaces('10.0.0.0/24 dev eth0 scope link\n')).toEqual([]);
});

test('both families, each interface once', async () => {
  const host = fixedHost({
    commands: {
      'ip -4 -o route show default': 'default via 10.0.0.1 dev eth0\n',
      'ip -6 -o route show default': { exitCode: 1, stderr: 'no IPv6' },
    },
  });
  expect(await readDefaultInterfaces(host)).toEqual(['eth0']);
});
