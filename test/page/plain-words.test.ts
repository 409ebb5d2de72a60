import { expect, test } from 'vitest';
import { hostAndPort, plainError, time } from '../../src/page/serve/plain-words.ts';

const errors: [code: number, text: string, says: RegExp][] = [
  [401, 'Unauthorized', /refused the name or the password.* \(401\)$/],
  [486, '', /quota.* \(486\)$/],
  [508, '', /no relay port left/],
  [499, 'Odd', /^The server refused with 499, “Odd”\.$/],
  [701, 'TURN host lookup received error.', /could not be resolved.* \(701\)$/],
  [701, 'TURN allocate request timed out.', /^No answer.* \(701\)$/],
  [701, '', /was not reached/],
  [701, 'certificate verify failed', /TLS failed/],
];
for (const [code, text, says] of errors)
  test(`${code} ${text}`, () => expect(plainError(code, text)).toMatch(says));

test('times', () =>
  expect([0.4, 64.4, 999.4, 1234, 40_123].map(time)).toEqual(['0 ms', '64 ms', '999 ms', '1.2 s', '40 s']));

test('addresses', () =>
  expect([hostAndPort('192.0.2.1', 1), hostAndPort('2001:db8::1', 1)]).toEqual([
    '192.0.2.1:1',
    '[2001:db8::1]:1',
  ]));
