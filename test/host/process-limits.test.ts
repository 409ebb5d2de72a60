import { expect, test } from 'vitest';
import { parseFileLimit } from '../../src/host/process-limits.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max open files            1024                 524288               files
Max locked memory         8388608              8388608              bytes
`;

test('open files of /proc/PID/limits', () => {
  expect(parseFileLimit(LIMITS)).toEqual({ known: true, value: { soft: 1024, hard: 524_288 } });
});

test('without a limit', () => {
  expect(parseFileLimit(LIMITS.replace('524288   ', 'unlimited'))).toEqual({
    known: true,
    value: { soft: 1024, hard: Number.MAX_SAFE_INTEGER },
  });
});

test('a file that does not say is unknown', () => {
  expect(parseFileLimit('')).toMatchObject({ known: false });
});
