import { expect, test } from 'vitest';
import { Line } from '../../src/page/serve/line-quality.ts';

test('nothing is known before the first message is back', () =>
  expect(new Line().quality(0)).toEqual({ rttMs: null, loss: null, recent: [] }));

test('a message is lost only when it had the time to come back', () => {
  const line = new Line();
  const [first, second] = [line.send(0), line.send(200)];
  line.hear(first, 30);
  expect(line.quality(1000)).toEqual({ rttMs: 30, loss: 0, recent: [30] });
  expect(line.quality(2201)).toEqual({ rttMs: 30, loss: 0.5, recent: [30, null] });
  // It came after all, but too late for anybody.
  line.hear(second, 2500);
  expect(line.quality(2600)).toEqual({ rttMs: 2300, loss: 0.5, recent: [30, 2300] });
});

test('the middle of the last minute counts, and an answer counts once', () => {
  const line = new Line();
  for (let i = 0; i < 100; i++) line.hear(line.send(i * 200), i * 200 + (i < 80 ? 500 : i));
  line.hear(99, 1_000_000);
  line.hear(100, 0);
  const { rttMs, recent } = line.quality(1_000_000);
  expect([rttMs, recent.length, recent.at(-1)]).toEqual([500, 60, 99]);
});
