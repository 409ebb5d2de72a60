import { describe, expect, test } from 'vitest';
import { encode, type StunMessage } from '../../src/stun/message.ts';
import { scheduleWithin, sentOnce } from '../../src/stun/retransmission.ts';
import { Transaction } from '../../src/stun/transaction.ts';

const request: StunMessage = {
  class: 'request',
  method: 'binding',
  transactionId: Uint8Array.from({ length: 12 }, () => 7),
  attributes: [],
};
const success: StunMessage = { ...request, class: 'success' };

test('sends the same bytes on schedule, then times out', () => {
  const transaction = new Transaction(request, scheduleWithin(2000), { fingerprint: true });
  const first = transaction.start(1000);
  expect(first).toMatchObject({ kind: 'send', wakeAtMs: 1250 });
  expect(transaction.onTime(1100)).toEqual({ kind: 'wait', wakeAtMs: 1250 });
  expect(transaction.onTime(1250)).toEqual({ ...first, wakeAtMs: 1750 });
  expect(transaction.onTime(1800)).toEqual({ ...first, wakeAtMs: 2750 });
  expect(transaction.onTime(2760)).toEqual({ ...first, wakeAtMs: 3000 });
  const end = { kind: 'timed-out', requestsSent: 4, waitedMs: 2000, rejected: [] };
  expect(transaction.onTime(3000)).toEqual(end);
  expect(transaction.onBytes(encode(success), 3001)).toEqual(end);
});

test('counts the requests an answer took, from the first send', () => {
  const transaction = new Transaction(request, scheduleWithin(2000));
  transaction.start(0);
  transaction.onTime(250);
  const done = { kind: 'done', response: success, requestsSent: 2, elapsedMs: 260 };
  expect(transaction.onBytes(encode(success), 260)).toEqual(done);
  expect(transaction.onTime(5000)).toEqual(done);
});

test('is not resent over a reliable transport', () => {
  const transaction = new Transaction(request, sentOnce(3000));
  expect(transaction.start(0)).toMatchObject({ kind: 'send', wakeAtMs: 3000 });
  expect(transaction.onTime(2999)).toEqual({ kind: 'wait', wakeAtMs: 3000 });
  expect(transaction.onTime(3000)).toMatchObject({ kind: 'timed-out', requestsSent: 1 });
});

test('can be given up early', () => {
  const transaction = new Transaction(request, scheduleWithin(2000));
  transaction.start(0);
  expect(transaction.giveUp(42)).toMatchObject({ kind: 'timed-out', waitedMs: 42 });
});

describe('answers that are not ours', () => {
  const cases = [
    [
      'another id',
      { ...success, transactionId: new Uint8Array(12) },
      'the transaction id is not that of the request',
    ],
    ['another method', { ...success, method: 'allocate' }, 'the method is allocate, not binding'],
    ['the request itself', request, 'the class is request, not success or error'],
    ['an indication', { ...request, class: 'indication' }, 'the class is indication, not success or error'],
    ['an error without code', { ...request, class: 'error' }, 'the error response has no ERROR-CODE'],
  ] as const;
  test.each(cases)('%s', (_name, message, reason) => {
    const transaction = new Transaction(request, sentOnce(1000));
    transaction.start(0);
    const bytes = encode(message as StunMessage);
    expect(transaction.onBytes(bytes, 1)).toEqual({ kind: 'rejected', reason, wakeAtMs: 1000 });
    expect(transaction.onTime(1000)).toMatchObject({ kind: 'timed-out', rejected: [reason] });
  });

  test('a flood of them does not grow the report', () => {
    const transaction = new Transaction(request, sentOnce(1000));
    transaction.start(0);
    for (let i = 0; i < 100; i++) transaction.onBytes(new Uint8Array(20), i);
    const end = transaction.onTime(1000);
    expect(end.kind === 'timed-out' && end.rejected).toHaveLength(8);
  });
});
