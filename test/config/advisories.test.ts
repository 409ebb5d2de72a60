import { describe, expect, test } from 'vitest';
import { ADVISORIES, DEFECTS } from '../../src/config/advisories.ts';
import { unevenRange } from '../../src/config/exposure.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { affectedReleases, hasFault } from '../../src/config/release-faults.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { compareVersions, RELEASES } from '../../src/config/versions.ts';

const settings = (...lines: string[]) =>
  settingsOf(
    readConfig(new TextEncoder().encode(lines.join('\n')), { path: 'x', foundBy: 'asked' }),
    '4.6.1',
  );

describe.each([...ADVISORIES, ...DEFECTS])('$id', fault => {
  test('is in some release, and not in that which mends it', () => {
    expect(RELEASES as readonly string[]).toContain(fault.fixed);
    if (fault.since !== undefined) expect(RELEASES as readonly string[]).toContain(fault.since);
    expect(RELEASES.some(release => hasFault(fault, release))).toBe(true);
    expect(hasFault(fault, fault.fixed)).toBe(false);
    expect(affectedReleases(fault)).toContain(fault.fixed);
  });
});

test('advisories are in the order of the releases that mend them, each once', () => {
  const fixed = ADVISORIES.map(advisory => advisory.fixed);
  expect(fixed).toEqual(fixed.toSorted(compareVersions));
  expect(new Set(ADVISORIES.map(({ id }) => id)).size).toBe(ADVISORIES.length);
});

// Commit 6c13608c: before it, each byte of an address was compared for itself.
test.each([
  ['2001:db8::-2001:db8::ffff', false],
  ['2001:db8::5-2001:db8::10', false],
  ['2001:db8::5', false],
  ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', false],
  ['fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', false],
  ['2001:db8::5-2001:db8::105', true],
  ['2001:db8::-2001:db8::1:0', true],
  ['10.0.0.5-10.0.1.4', false],
])('%s is compared wrongly: %s', (range, uneven) => {
  const judged = unevenRange(settings(`denied-peer-ip=${range}`), { relaysIpv6: null });
  expect(judged !== null).toBe(uneven);
});
