import { expect, test } from 'vitest';
import { Histogram } from '../../src/util/histogram.ts';

test('percentiles are right to 1 %, whatever the size of the values', () => {
  for (const scale of [1, 37, 1000, 123_456, 5e9]) {
    const histogram = new Histogram();
    for (let i = 1; i <= 1000; i++) histogram.record(i * scale);
    for (const percent of [1, 50, 95, 99, 99.9]) {
      const exact = percent * 10 * scale;
      expect(histogram.percentile(percent)).toBeGreaterThanOrEqual(exact * 0.99);
      expect(histogram.percentile(percent)).toBeLessThanOrEqual(exact * 1.01 + 1);
    }
    expect(histogram.percentile(100)).toBe(1000 * scale);
  }
});

test('none, one, and values that are too small or too large', () => {
  const histogram = new Histogram();
  expect(histogram.percentile(50)).toBe(0);
  histogram.record(5);
  expect(histogram.percentile(50)).toBe(5);
  histogram.record(-3);
  histogram.record(2 ** 60);
  expect(histogram.count).toBe(3);
  expect(histogram.percentile(1)).toBe(0);
});
