import { describe, expect, test } from 'vitest';
import { addressForm, atoi, readAddress, readBoolean, readPort, strtoul } from '../../src/config/values.ts';
import { formatIp } from '../../src/util/ip.ts';

describe('readBoolean', () => {
  const readings: [boolean | null, (string | null)[]][] = [
    [true, [null, '', '1', '2', '10', 'yes', 'Y', 'true', 'TRUE', 'tomato', 'on', 'On', 'ON']],
    [false, ['0', '00', 'no', 'nope', 'null', 'N', 'false', 'F', 'off', 'Off', 'OFF']],
    [null, ['-1', 'oN', 'oFF', 'enabled', 'disabled', '# x', "'1'", '"1"', ' ']],
  ];
  test.each(readings)('%s', (expected, values) => {
    for (const value of values) expect([value, readBoolean(value)]).toEqual([value, expected]);
  });
});

test.each([
  ['5', 5],
  ['5x000', 5],
  ['0xC350', 0],
  ['50_000', 50],
  ['1M', 1],
  ['abc', 0],
  ['', 0],
  ['-5', -5],
  ['+7', 7],
  [' 7', 7],
  ['4294967297', 1],
  ['99999999999999999999', -1],
])('atoi of "%s" is %d', (text, number) => expect(atoi(text)).toBe(number));

test('strtoul wraps what is negative', () => {
  expect([strtoul('1M'), strtoul('-1'), strtoul('')]).toEqual([1, 2 ** 64, 0]);
});

test.each([
  ['4000', 4000, 4000],
  ['', 0, 0],
  ['70000', 4464, 'fatal'],
  ['-5', 65531, 'fatal'],
  ['5000 # x', 5000, 'fatal'],
  ['49152-65535', 49152, 'fatal'],
  ['abc', 0, 'fatal'],
] as const)('port "%s" is %s up to 4.12.0 and %s since 4.13.0', (text, before, since) => {
  expect([readPort(text, '4.12.0'), readPort(text, '4.13.0')]).toEqual([before, since]);
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['', '0.0.0.0'],
  ['1', '0.0.0.1'],
  ['10.1', '10.0.0.1'],
  ['010.0.0.1', '8.0.0.1'],
  ['0x7f.1', '127.0.0.1'],
  ['::1', '::1'],
  ['300.1.1.1', null],
  ['1.2.3.4.5', null],
  ['10.0.0.0/8', null],
  ['example.org', null],
])('address "%s" is %s', (text, expected) => {
  const ip = readAddress(text);
  expect(ip && formatIp(ip)).toBe(expected);
});

test.each([
  ['203.0.113.1', 'address'],
  ['turn.example.org', 'name'],
  ['auto', 'name'],
  ['YOUR_ADDR', 'neither'],
  ['203.0.113.1 # x', 'neither'],
  ['$(curl ifconfig.me)', 'neither'],
  ['300.1.1.1', 'neither'],
  ['203.0.113.1:3478', 'neither'],
] as const)('"%s" is %s', (text, form) => expect(addressForm(text)).toBe(form));
