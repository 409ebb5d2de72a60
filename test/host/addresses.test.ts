import { expect, test } from 'vitest';
import { parseAddresses } from '../../src/host/addresses.ts';

test('iproute2: families, scopes, a tunnel’s peer, a VLAN’s parent', () => {
  const text = `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: eth0    inet 192.0.2.2/24 metric 100 brd 192.0.2.255 scope global dynamic eth0\\       valid_lft 3000sec preferred_lft 3000sec
2: eth0    inet6 fe80::fc:ff:fe00:1/64 scope link \\       valid_lft forever preferred_lft forever
3: tun0    inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0\\       valid_lft forever preferred_lft forever
4: eth0.7@eth0    inet6 2001:db8::7/64 scope global deprecated mngtmpaddr \\       valid_lft forever preferred_lft 0sec
`;
  expect(parseAddresses(text)).toEqual([
    { interface: 'lo', ip: '127.0.0.1', prefixLength: 8, scope: 'host' },
    { interface: 'eth0', ip: '192.0.2.2', prefixLength: 24, scope: 'global' },
    { interface: 'eth0', ip: 'fe80::fc:ff:fe00:1', prefixLength: 64, scope: 'link' },
    { interface: 'tun0', ip: '10.8.0.1', prefixLength: 32, scope: 'global' },
    { interface: 'eth0.7', ip: '2001:db8::7', prefixLength: 64, scope: 'global' },
  ]);
});

test('busybox prints link lines as well', () => {
  const text = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
7: eth0    inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0\\       valid_lft forever preferred_lft forever
`;
  expect(parseAddresses(text).map(({ ip }) => ip)).toEqual(['127.0.0.1', '172.17.0.2']);
});
