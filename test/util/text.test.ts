import { expect, test } from 'vitest';
import { editDistance, listed, plural, printable, shortened } from '../../src/util/text.ts';

test('counts and lists read as English', () => {
  expect([plural(1, 'rule'), plural(2, 'rule'), plural(0, 'address', 'addresses')]).toEqual([
    '1 rule',
    '2 rules',
    '0 addresses',
  ]);
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
    '',
    'a',
    'a and b',
    'a, b or c',
  ]);
});

test.each([
  ['listening-ip', 'listenling-ip', 1],
  ['verbose', 'vebrose', 1],
  ['realm', 'relm', 1],
  ['realm', 'realm', 0],
  ['', 'abc', 3],
])('%s and %s are %d apart', (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

test('the distance is given up above the limit', () => {
  expect(editDistance('static-auth-secret', 'min-port', 3)).toBe(Number.POSITIVE_INFINITY);
  expect(editDistance('abcdef', 'uvwxyz', 2)).toBe(Number.POSITIVE_INFINITY);
});

test('control characters become visible', () => {
  expect(printable('a\u001b[31m\rb\u202e')).toBe('a\\x1b[31m\\x0db\\x202e');
  expect(shortened('abcdef', 4)).toBe('abc…');
  expect(shortened('abc', 4)).toBe('abc');
});
