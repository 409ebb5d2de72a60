import { describe, expect, test } from 'vitest';
import { boundsOf, type ExpiryTry, nextExpiry } from '../../src/probes/clock-search.ts';

/** A server whose clock is ahead, asked over a path of 20 ms each way, in time that is ours to hold. */
function search(aheadSeconds: number, first: readonly number[]) {
  let nowMs = 1_769_860_800_400;
  const tries: ExpiryTry[] = [];
  const ask = (expiresAt: number) => {
    const sentAtMs = nowMs;
    const accepted = expiresAt >= Math.floor((sentAtMs + 20) / 1000 + aheadSeconds);
    nowMs += 40;
    tries.push({ expiresAt, accepted, sentAtMs, answeredAtMs: nowMs });
  };
  for (const seconds of first) ask(Math.floor(nowMs / 1000) + seconds);
  for (let next = nextExpiry(boundsOf(tries)); next !== undefined; next = nextExpiry(boundsOf(tries))) {
    if (tries.length > 60) throw new Error('it does not end');
    ask(Math.round(nowMs / 1000 + next));
  }
  return { ...boundsOf(tries), asked: tries.length };
}

describe('the clock of a server', () => {
  const cases: [aheadSeconds: number, most: number][] = [
    [0, 6],
    [0.7, 6],
    [-1.4, 8],
    [5, 10],
    [-59, 16],
    [3600, 20],
    [-3599, 20],
    [80_000, 25],
  ];
  for (const [ahead, most] of cases) {
    test(`${ahead} s ahead lies between the bounds, ${most} tries at most`, () => {
      const { atLeastSeconds, atMostSeconds, asked } = search(ahead, [86_400, -3600]);
      expect(atLeastSeconds).toBeLessThanOrEqual(ahead);
      expect(atMostSeconds).toBeGreaterThanOrEqual(ahead);
      expect(atMostSeconds! - atLeastSeconds!).toBeLessThanOrEqual(3);
      expect(asked).toBeLessThanOrEqual(most);
    });
  }

  test('with one bound there is nothing to search between', () => {
    expect(nextExpiry({ atLeastSeconds: null, atMostSeconds: 3, tries: 1 })).toBeUndefined();
    expect(nextExpiry({ atLeastSeconds: 3, atMostSeconds: null, tries: 1 })).toBeUndefined();
    expect(boundsOf([])).toEqual({ atLeastSeconds: null, atMostSeconds: null, tries: 0 });
  });
});
