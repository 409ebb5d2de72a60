import type { Family } from './transport.ts';

/**
 * Peers that `probe peers` asks for: what a server can reach and its clients should not, and the ways to write an IPv4
 * address in an IPv6 one. Nothing is ever sent to them.
 */
export const REACH_PEERS: { readonly [F in Family]: readonly (readonly [kind: string, ip: string])[] } = {
  ipv4: [
    ['loopback', '127.0.0.1'],
    ['loopback', '0.0.0.0'],
    ['private', '10.253.113.97'],
    ['private', '172.29.113.97'],
    ['private', '192.168.253.97'],
    ['docker', '172.17.0.1'],
    ['shared', '100.125.113.97'],
    ['link-local', '169.254.113.97'],
    ['metadata', '169.254.169.254'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.250'],
    ['reserved', '240.0.0.1'],
    ['reserved', '255.255.255.255'],
    ['reserved', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['benchmark', '198.18.0.1'],
    ['public', '8.8.8.8'],
  ],
  ipv6: [
    ['loopback', '::1'],
    ['loopback', '::'],
    ['loopback', '::ffff:127.0.0.1'],
    ['loopback', '::7f00:1'],
    ['loopback', '64:ff9b::7f00:1'],
    ['loopback', '2002:7f00:1::1'],
    ['private', '::ffff:10.253.113.97'],
    ['private', '64:ff9b::afd:7161'],
    ['private', '2002:afd:7161::1'],
    ['private', 'fc00::7161'],
    ['link-local', 'fe80::7161'],
    ['link-local', 'fec0::7161'],
    ['metadata', 'fd00:ec2::254'],
    ['metadata', '::ffff:169.254.169.254'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['public', '2001:4860:4860::8888'],
  ],
};
