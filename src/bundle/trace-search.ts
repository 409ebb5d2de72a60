/** A place where one of the texts that are searched for stands. */
export interface Hit {
  readonly at: number;
  readonly length: number;
}

/** Every text that is searched for has at least as many characters. */
export const LEAST_LENGTH = 6;
const TABLE_SIZE = 1 << 16;

/**
 * Finds the first of many texts, from a position on, in time that depends on the length of what is searched alone: a log may
 * give away a thousand tokens, each in a dozen encodings. Where several begin at one place, the longest.
 */
export function traceSearch(traces: readonly string[]): (text: string, from?: number) => Hit | null {
  const byHead = new Map<string, string[]>();
  // Which beginnings occur at all: nearly every position is passed over by one look.
  const begins = new Uint8Array(TABLE_SIZE);
  for (const trace of [...new Set(traces)].sort((a, b) => b.length - a.length)) {
    const head = trace.slice(0, LEAST_LENGTH);
    if (head.length < LEAST_LENGTH) throw new RangeError('a text this short would be found everywhere');
    byHead.set(head, [...(byHead.get(head) ?? []), trace]);
    begins[hashAt(trace, 0)] = 1;
  }
  return (text, from = 0) => {
    for (let at = from; at + LEAST_LENGTH <= text.length; at++) {
      if (begins[hashAt(text, at)] === 0) continue;
      const candidates = byHead.get(text.slice(at, at + LEAST_LENGTH));
      const found = candidates?.find(trace => text.startsWith(trace, at));
      if (found !== undefined) return { at, length: found.length };
    }
    return null;
  };
}

/** Of four characters. */
function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + 4; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i);
  return hash & (TABLE_SIZE - 1);
}
