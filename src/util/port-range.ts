/** Ports from the first to the last, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** How many ports; 0 when the range is inverted. */
export const portCount = ({ from, to }: PortRange): number => Math.max(0, to - from + 1);

/** `3478` or `49152-65535`. */
export const formatPortRange = ({ from, to }: PortRange): string =>
  from === to ? `${from}` : `${from}-${to}`;

/** A decimal port 0-65535 as an operator writes it; null for anything else. */
export function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65535 ? port : null;
}

/** Sorted, disjoint and not touching. */
export function unionPorts(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ranges.filter(r => r.from <= r.to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (!last || range.from > last.to + 1) merged.push(range);
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return merged;
}

/** Ports in the first set that are not in the second. */
export function subtractPorts(a: readonly PortRange[], b: readonly PortRange[]): PortRange[] {
  return unionPorts(b).reduce(
    (left, hole) =>
      left.flatMap(range =>
        [
          { from: range.from, to: Math.min(range.to, hole.from - 1) },
          { from: Math.max(range.from, hole.to + 1), to: range.to },
        ].filter(({ from, to }) => from <= to),
      ),
    unionPorts(a),
  );
}
