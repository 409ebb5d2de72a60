import { bitsOf, type Family, formatIp, type Ip, type IpPrefix, parseIp } from './ip.ts';

/** All addresses of one family from the first to the last, both included. */
export interface IpRange {
  readonly family: Family;
  readonly from: bigint;
  readonly to: bigint;
}

/** Reads `a` or `a-b`, blanks allowed around the dash. Null when either is no address, or the families differ. */
export function parseIpRange(text: string): IpRange | null {
  const [, first = '', last = first] = /^\s*([^\s-]+)(?:\s*-\s*([^\s-]+))?\s*$/.exec(text) ?? [];
  const from = parseIp(first);
  const to = parseIp(last);
  if (!from || !to || from.family !== to.family) return null;
  return { family: from.family, from: from.value, to: to.value };
}

/** The range of an address block. */
export function rangeOfPrefix({ family, value, length }: IpPrefix): IpRange {
  const size = 1n << BigInt(bitsOf(family) - length);
  return { family, from: value, to: value + size - 1n };
}

/** Every address of a family. */
export const wholeFamily = (family: Family): IpRange => WHOLE[family];

const WHOLE: Readonly<Record<Family, IpRange>> = {
  ipv4: { family: 'ipv4', from: 0n, to: (1n << 32n) - 1n },
  ipv6: { family: 'ipv6', from: 0n, to: (1n << 128n) - 1n },
};

/** `10.0.0.0-10.255.255.255`, or the address alone. */
export function formatIpRange({ family, from, to }: IpRange): string {
  const first = formatIp({ family, value: from });
  return from === to ? first : `${first}-${formatIp({ family, value: to })}`;
}

const byFamilyAndStart = (a: IpRange, b: IpRange): number => {
  if (a.family !== b.family) return a.family === 'ipv4' ? -1 : 1;
  return a.from < b.from ? -1 : a.from > b.from ? 1 : 0;
};

/** Sorted, disjoint and not touching: the form every function below returns. Reversed ranges are empty. */
export function unionRanges(...sets: readonly (readonly IpRange[])[]): readonly IpRange[] {
  const filled = sets.filter(set => set.length > 0);
  // Most sets come from here already.
  if (filled.length < 2 && isUnion(filled[0] ?? [])) return filled[0] ?? [];
  const merged: IpRange[] = [];
  const sorted = filled
    .flat()
    .filter(range => range.from <= range.to)
    .sort(byFamilyAndStart);
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last?.family !== range.family || range.from > last.to + 1n) merged.push(range);
    else if (range.to > last.to) merged[merged.length - 1] = { ...last, to: range.to };
  }
  return merged;
}

const isUnion = (set: readonly IpRange[]): boolean =>
  set.every(({ family, from, to }, i) => {
    const before = set[i - 1];
    if (from > to) return false;
    if (before === undefined) return true;
    return before.family === family ? before.to + 1n < from : before.family === 'ipv4';
  });

/** Addresses in both. One walk along the two sorted sets: a list of denied peers may have thousands of lines. */
export function intersectRanges(a: readonly IpRange[], b: readonly IpRange[]): IpRange[] {
  const [left, right] = [unionRanges(a), unionRanges(b)];
  const common: IpRange[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [x, y] = [left[i]!, right[j]!];
    if (x.family === y.family && x.from <= y.to && y.from <= x.to) {
      common.push({ family: x.family, from: later(x.from, y.from), to: earlier(x.to, y.to) });
    }
    if (endsFirst(x, y)) i++;
    else j++;
  }
  return common;
}

const endsFirst = (x: IpRange, y: IpRange): boolean =>
  x.family === y.family ? x.to <= y.to : x.family === 'ipv4';

// Math.min and Math.max refuse bigint.
const earlier = (a: bigint, b: bigint): bigint => (b < a ? b : a);
const later = (a: bigint, b: bigint): bigint => (a < b ? b : a);

/** Addresses in the first set that are not in the second. */
export const subtractRanges = (a: readonly IpRange[], b: readonly IpRange[]): readonly IpRange[] =>
  a.length === 0 || b.length === 0
    ? unionRanges(a)
    : intersectRanges(a, [...gaps(b, 'ipv4'), ...gaps(b, 'ipv6')]);

/** Every address of the family that is not in the set. */
function gaps(set: readonly IpRange[], family: Family): IpRange[] {
  const { from: lowest, to: highest } = wholeFamily(family);
  const taken = unionRanges(set).filter(range => range.family === family);
  const starts = [lowest, ...taken.map(({ to }) => to + 1n)];
  const ends = [...taken.map(({ from }) => from - 1n), highest];
  return starts.map((from, i) => ({ family, from, to: ends[i]! }));
}

/** Whether an address, or every address of a range, is in the set. */
export function rangesContain(set: readonly IpRange[], what: Ip | IpRange): boolean {
  const { family } = what;
  const [from, to] = 'value' in what ? [what.value, what.value] : [what.from, what.to];
  return unionRanges(set).some(range => range.family === family && range.from <= from && to <= range.to);
}

/** Whether the two have an address in common. */
export const rangesOverlap = (a: readonly IpRange[], b: readonly IpRange[]): boolean =>
  intersectRanges(a, b).length > 0;
