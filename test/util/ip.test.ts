import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyIp, embeddedIpv4, formatIp, type IpClass, parseIp, parsePrefix } from '../../src/util/ip.ts';

const FAMILY: Record<number, string | null> = { 0: null, 4: 'ipv4', 6: 'ipv6' };

const ip = (text: string) => parseIp(text)!;

describe('parseIp and formatIp', () => {
  const same = [
    '0.0.0.0',
    '203.0.113.7',
    '255.255.255.255',
    '::',
    '::1',
    '2001:db8::1',
    'fe80::1:2:3:4',
    '1:2:3:4:5:6:7:8',
    '1:0:2:3:4:5:6:7',
    '2001:db8:0:1::',
    '::ffff:192.0.2.1',
  ];
  test.each(same)('%s is canonical', text => expect(formatIp(ip(text))).toBe(text));

  const rewritten: [string, string][] = [
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ];
  test.each(rewritten)('%s is written %s', (text, canonical) => expect(formatIp(ip(text))).toBe(canonical));

  const refused = [
    '',
    ' ',
    '1.2.3',
    '010.0.0.1',
    '1.2.3.256',
    'example.org',
    '10.0.0.0/8',
    '1.2.3.4:80',
    '[::1]',
    'fe80::1%eth0',
    '1::2::3',
    ' 1.2.3.4',
  ];
  test.each(refused)('"%s" is no address', text => expect(parseIp(text)).toBeNull());

  const piece = fc.constantFrom(
    ':',
    '::',
    '.',
    '0',
    '1',
    '12',
    '255',
    '256',
    '01',
    'f',
    'abcd',
    '12345',
    'g',
    '1.2.3.4',
  );
  const random = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
    fc
      .array(fc.constantFrom('0', '1f', 'abcd'), { minLength: 1, maxLength: 9 })
      .map(parts => parts.join(':')),
    fc
      .tuple(
        fc.array(fc.constantFrom('0', 'FF', '2001'), { maxLength: 8 }),
        fc.nat(8),
        fc.constantFrom('', '10.0.0.1'),
      )
      .map(([parts, at, tail]) =>
        [...parts.slice(0, at), '', ...parts.slice(at), ...(tail ? [tail] : [])].join(':'),
      ),
    fc.ipV4(),
    fc.ipV6(),
  );
  test('takes what Node takes, and nothing else', () =>
    fc.assert(
      fc.property(random, text => {
        expect(parseIp(text)?.family ?? null).toBe(FAMILY[isIP(text)]);
      }),
      { numRuns: 20_000 },
    ));
});

describe('embeddedIpv4', () => {
  const cases: [string, string, string][] = [
    ['::ffff:10.1.2.3', 'mapped', '10.1.2.3'],
    ['64:ff9b::127.0.0.1', 'nat64', '127.0.0.1'],
    ['2002:a01:203::1', '6to4', '10.1.2.3'],
    ['::10.1.2.3', 'compatible', '10.1.2.3'],
  ];
  test.each(cases)('%s holds, %s, %s', (text, form, inner) => {
    expect(embeddedIpv4(ip(text))).toEqual({ form, ip: ip(inner) });
  });
  test.each(['::', '::1', '2001:db8::1', '10.0.0.1'])('%s holds none', text =>
    expect(embeddedIpv4(ip(text))).toBeNull(),
  );
});

describe('classifyIp', () => {
  const cases: [string, IpClass][] = [
    ['127.0.0.53', 'loopback'],
    ['::1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'shared'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd12::1', 'unique-local'],
    ['239.1.2.3', 'multicast'],
    ['ff02::1', 'multicast'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['203.0.113.1', 'documentation'],
    ['2001:db8::1', 'documentation'],
    ['198.18.0.1', 'benchmark'],
    ['250.0.0.1', 'reserved'],
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
  ];
  test.each(cases)('%s is %s', (text, expected) => expect(classifyIp(ip(text))).toBe(expected));
});

test('parsePrefix clears the bits after the prefix', () => {
  expect(parsePrefix('10.1.2.3/8')).toEqual({ ...ip('10.0.0.0'), length: 8 });
  expect(parsePrefix('2001:db8::1/64')).toEqual({ ...ip('2001:db8::'), length: 64 });
  for (const text of ['10.0.0.0', '10.0.0.0/33', '::/129', '/8', '10.0.0.0/x'])
    expect(parsePrefix(text)).toBeNull();
});
