import { expect, test } from 'vitest';
import { retransmissionSchedule, scheduleWithin, sentOnce } from '../../src/stun/retransmission.ts';

test('RFC 8489 §6.2.1: seven requests, 39.5 s', () => {
  expect(retransmissionSchedule()).toEqual({
    sendAtMs: [0, 500, 1500, 3500, 7500, 15500, 31500],
    giveUpAtMs: 39_500,
  });
});

const deadlines = [
  [5000, [0, 250, 750, ...Array.from({ length: 13 }, (_, i) => 1750 + 250 * i)]],
  [2250, [0, 250, 750, 1750, 2000]],
  [2249, [0, 250, 750, 1750]],
  [500, [0, 250]],
  [100, [0]],
] as const;
test.each(deadlines)('within %i ms', (deadlineMs, sendAtMs) => {
  expect(scheduleWithin(deadlineMs)).toEqual({ sendAtMs, giveUpAtMs: deadlineMs });
});

test('once over a reliable transport', () => {
  expect(sentOnce()).toEqual({ sendAtMs: [0], giveUpAtMs: 39_500 });
});
