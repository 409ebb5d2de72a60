import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIp, parsePrefix } from '../../src/util/ip.ts';
import {
  formatIpRange,
  type IpRange,
  intersectRanges,
  parseIpRange,
  rangeOfPrefix,
  rangesContain,
  rangesOverlap,
  subtractRanges,
  unionRanges,
  wholeFamily,
} from '../../src/util/ip-range.ts';

const set = (...texts: string[]): IpRange[] => texts.map(text => parseIpRange(text)!);
const shown = (ranges: readonly IpRange[]): string[] => ranges.map(formatIpRange);

describe('parseIpRange', () => {
  const cases: [string, string | null][] = [
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.0-10.255.255.255', '10.0.0.0-10.255.255.255'],
    ['10.0.0.0 - 10.0.0.9', '10.0.0.0-10.0.0.9'],
    ['::1-::ff', '::1-::ff'],
    ['10.0.0.0/8', null],
    ['10.0.0.0-::1', null],
    ['10.0.0.0-', null],
    ['10.0.0.0-10.0.0.1-10.0.0.2', null],
    ['', null],
  ];
  test.each(cases)('"%s"', (text, expected) => {
    const range = parseIpRange(text);
    expect(range && formatIpRange(range)).toBe(expected);
  });
  test('a reversed range stays reversed, and is empty', () => {
    expect(unionRanges(set('10.0.0.9-10.0.0.1'))).toEqual([]);
  });
});

describe('sets of ranges', () => {
  test('union joins what overlaps or touches, families apart', () => {
    expect(shown(unionRanges(set('10.0.0.5-10.0.0.9', '::1', '10.0.0.0-10.0.0.4', '10.0.0.11')))).toEqual([
      '10.0.0.0-10.0.0.9',
      '10.0.0.11',
      '::1',
    ]);
  });
  test('subtract cuts holes', () => {
    expect(
      shown(subtractRanges(set('10.0.0.0-10.0.0.9'), set('10.0.0.3-10.0.0.4', '10.0.0.9', '::'))),
    ).toEqual(['10.0.0.0-10.0.0.2', '10.0.0.5-10.0.0.8']);
  });
  test('intersect keeps what both have', () => {
    expect(
      shown(intersectRanges(set('10.0.0.0-10.0.0.9', '::1'), set('10.0.0.8-10.0.0.20', '::-::2'))),
    ).toEqual(['10.0.0.8-10.0.0.9', '::1']);
    expect(rangesOverlap(set('10.0.0.1'), set('10.0.0.2'))).toBe(false);
  });
  test('contains addresses and ranges', () => {
    expect(
      rangesContain(set('10.0.0.0-10.0.0.4', '10.0.0.5-10.0.0.9'), parseIpRange('10.0.0.3-10.0.0.7')!),
    ).toBe(true);
    expect(rangesContain([wholeFamily('ipv4')], parseIpRange('::1')!)).toBe(false);
  });
  test('a prefix is a range', () => {
    expect(formatIpRange(rangeOfPrefix(parsePrefix('172.16.0.0/12')!))).toBe('172.16.0.0-172.31.255.255');
    expect(formatIp({ family: 'ipv6', value: wholeFamily('ipv6').to })).toBe(
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    );
  });
});

describe('set operations agree with counting members', () => {
  const small = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
      .map(([from, to]): IpRange => ({ family: 'ipv4', from: BigInt(from), to: BigInt(to) })),
    { maxLength: 6 },
  );
  const members = (ranges: readonly IpRange[]): Set<number> =>
    new Set(Array.from({ length: 41 }, (_, i) => i).filter(i => ranges.some(r => r.from <= i && i <= r.to)));

  test('on random sets', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        const all = [...new Set([...inA, ...inB])];
        const same = (ranges: readonly IpRange[], expected: number[]): void =>
          expect([...members(ranges)]).toEqual(expected.sort((x, y) => x - y));
        same(unionRanges(a, b), all);
        same(
          intersectRanges(a, b),
          all.filter(i => inA.has(i) && inB.has(i)),
        );
        same(
          subtractRanges(a, b),
          all.filter(i => inA.has(i) && !inB.has(i)),
        );
      }),
    );
  });
});
