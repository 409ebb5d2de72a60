import type { Family } from './transport.ts';

/**
 * The peers that turnctl asks permission for, one or two of each kind; nothing is ever sent to them. Where the kind leaves a
 * choice, the address is one that hardly anybody uses: coturn logs each refusal, and a later run must know its own from
 * those of calls.
 */
export const PROBED_PEERS: { readonly [F in Family]: readonly (readonly [kind: string, ip: string])[] } = {
  ipv4: [
    ['loopback', '127.0.0.1'],
    ['loopback', '0.0.0.0'],
    ['private', '10.253.113.97'],
    ['private', '172.29.113.97'],
    ['private', '192.168.253.97'],
    ['shared', '100.125.113.97'],
    ['link-local', '169.254.113.97'],
    ['metadata', '169.254.169.254'],
    ['multicast', '239.255.255.250'],
    ['public', '8.8.8.8'],
  ],
  ipv6: [
    ['loopback', '::1'],
    ['loopback', '::'],
    ['loopback', '::ffff:127.0.0.1'],
    ['loopback', '64:ff9b::7f00:1'],
    ['private', 'fd71:61::1'],
    ['link-local', 'fe80::7161'],
    ['metadata', 'fd00:ec2::254'],
    ['multicast', 'ff02::1'],
    ['public', '2001:4860:4860::8888'],
  ],
};
