import { expect, test } from 'vitest';
import { RateLimiter } from '../../src/credentials/rate-limit.ts';

const minute = 60_000;

test('a burst, then the rate, and how long to wait', () => {
  const limiter = new RateLimiter({ perMinute: 6, burst: 2 });
  expect([1, 2, 3].map(() => limiter.take('a', 0))).toEqual([0, 0, 10]);
  expect(limiter.take('a', 9_000)).toBe(1);
  expect(limiter.take('a', 10_000)).toBe(0);
});

test('keys do not share, and nothing is saved up beyond the burst', () => {
  const limiter = new RateLimiter({ perMinute: 60, burst: 1 });
  expect(limiter.take('a', 0)).toBe(0);
  expect(limiter.take('b', 0)).toBe(0);
  expect(limiter.take('a', 100 * minute)).toBe(0);
  expect(limiter.take('a', 100 * minute)).toBe(1);
});

test('a clock that goes back earns nothing', () => {
  const limiter = new RateLimiter({ perMinute: 60, burst: 1 });
  limiter.take('a', minute);
  expect(limiter.take('a', 0)).toBe(1);
});

test('a flood of keys forgets the oldest, and not the one in use', () => {
  const limiter = new RateLimiter({ perMinute: 1, burst: 1 });
  limiter.take('victim', 0);
  for (let i = 0; i < 60_000; i++) {
    limiter.take(`flood${i}`, 0);
    if (i % 1000 === 0) limiter.take('victim', 0);
  }
  expect(limiter.take('victim', 0)).toBeGreaterThan(0);
  expect(limiter.take('flood0', 0)).toBe(0);
});
