import { describe, expect, test } from 'vitest';
import { clientAddress, trustedProxies } from '../../src/credentials/client-address.ts';

const proxies = trustedProxies(['10.0.0.0/8', '2001:db8::1']);

const cases: [what: string, connection: string, forwarded: string | undefined, client: string][] = [
  ['no proxy', '198.51.100.1', undefined, '198.51.100.1'],
  ['somebody who is no proxy claims one', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
  ['one proxy', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['two proxies', '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['the client wrote an address before', '10.0.0.1', '192.0.2.66, 203.0.113.9', '203.0.113.9'],
  ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
  ['what is no address', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['a dual-stack socket', '::ffff:10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['IPv6', '2001:db8::1', '2001:db8::9', '2001:db8::9'],
];
describe('the address a request came from', () => {
  for (const [what, connection, forwarded, client] of cases) {
    test(what, () => expect(clientAddress(connection, forwarded, proxies)).toBe(client));
  }
});

test.each(['proxy.example.org', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '2001:db8::/129'])(
  '%s is no block',
  block => expect(() => trustedProxies([block])).toThrow(`${block} is neither an address nor a CIDR block`),
);
