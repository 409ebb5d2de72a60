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
export const wholeFamily = (family: Family): IpRange => ({
  family,
  from: 0n,
  to: (1n << BigInt(bitsOf(family))) - 1n,
});

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
export function unionRanges(...sets: readonly (readonly IpRange[])[]): IpRange[] {
  const merged: IpRange[] = [];
  const sorted = sets
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

/** Addresses in both. */
export function intersectRanges(a: readonly IpRange[], b: readonly IpRange[]): IpRange[] {
  const common = a.flatMap(x =>
    b
      .filter(({ family }) => family === x.family)
      .map(y => ({ family: x.family, from: later(x.from, y.from), to: earlier(x.to, y.to) })),
  );
  return unionRanges(common);
}

// Math.min and Math.max refuse bigint.
const earlier = (a: bigint, b: bigint): bigint => (b < a ? b : a);
const later = (a: bigint, b: bigint): bigint => (a < b ? b : a);

/** Addresses in the first set that are not in the second. */
export function subtractRanges(a: readonly IpRange[], b: readonly IpRange[]): IpRange[] {
  return unionRanges(b).reduce(
    (left, hole) => left.flatMap(range => (range.family === hole.family ? cut(range, hole) : [range])),
    unionRanges(a),
  );
}

const cut = (range: IpRange, hole: IpRange): IpRange[] =>
  [
    { ...range, to: earlier(range.to, hole.from - 1n) },
    { ...range, from: later(range.from, hole.to + 1n) },
  ].filter(({ from, to }) => from <= to);

/** Whether an address, or every address of a range, is in the set. */
export function rangesContain(set: readonly IpRange[], what: Ip | IpRange): boolean {
  const { family } = what;
  const [from, to] = 'value' in what ? [what.value, what.value] : [what.from, what.to];
  return unionRanges(set).some(range => range.family === family && range.from <= from && to <= range.to);
}

/** Whether the two have an address in common. */
export const rangesOverlap = (a: readonly IpRange[], b: readonly IpRange[]): boolean =>
  intersectRanges(a, b).length > 0;
