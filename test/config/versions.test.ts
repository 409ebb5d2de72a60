import { expect, test } from 'vitest';
import {
  compareVersions,
  isAtLeast,
  NEWEST_RELEASE,
  nearestKnownRelease,
  OLDEST_RELEASE,
  RELEASES,
  upstreamVersion,
  valueAt,
} from '../../src/config/versions.ts';

test('releases are sorted', () => {
  expect([...RELEASES].sort(compareVersions)).toEqual([...RELEASES]);
  expect([RELEASES[0], RELEASES.at(-1)]).toEqual([OLDEST_RELEASE, NEWEST_RELEASE]);
});

test.each([
  ['4.6.1', '4.10.0', -1],
  ['4.6.1-1ubuntu4', '4.6.1', 0],
  ['4.6', '4.6.0', 0],
  ['4.5.1.3', '4.5.2', -1],
  ['5.0', '4.18.0', 1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(isAtLeast(a, b)).toBe(sign >= 0);
});

test.each([
  ["Coturn-4.6.1 'Gorst'", '4.6.1', '4.6.1'],
  ['4.6.1-1ubuntu4', '4.6.1', '4.6.1'],
  ['1:4.17.2+dfsg-3', '4.17.2', '4.17.2'],
  ['4.4.5.3', '4.4.5.3', '4.5.1.1'],
  ['9.9', '9.9', '4.18.0'],
  ['None', null, null],
])('%s', (text, upstream, release) => {
  expect([upstreamVersion(text), nearestKnownRelease(text)]).toEqual([upstream, release]);
});

test('a history gives the value in force', () => {
  const history = [
    { since: '4.5.1.1', value: 'old' },
    { since: '4.10.0', value: 'new' },
  ];
  expect(['4.4', '4.9.0', '4.10.0', '4.18.0'].map(version => valueAt(history, version))).toEqual([
    'old',
    'old',
    'new',
    'new',
  ]);
});
