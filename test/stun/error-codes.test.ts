import { expect, test } from 'vitest';
import { describeErrorCode, errorCodes, usualCause } from '../../src/stun/error-codes.ts';

test('codes are ascending and none is twice', () => {
  const codes = errorCodes.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
});

test('a code has its name; one without stands alone', () => {
  expect(describeErrorCode(438)).toBe('438 (Stale Nonce)');
  expect(describeErrorCode(699)).toBe('699');
});

test('the cause depends on the method where it does', () => {
  expect(usualCause(403, 'allocate')).toMatch(/draining/);
  expect(usualCause(403, 'createPermission')).toMatch(/denied-peer-ip/);
  expect(usualCause(699, 'allocate')).toBeUndefined();
});
