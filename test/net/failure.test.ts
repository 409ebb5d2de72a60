import { expect, test } from 'vitest';
import { failureOf } from '../../src/net/failure.ts';

const cases: [code: string | undefined, outcome: string, text: string][] = [
  ['ECONNREFUSED', 'refused', 'ICMP port unreachable'],
  ['EHOSTUNREACH', 'unreachable', 'EHOSTUNREACH'],
  ['ENETUNREACH', 'unreachable', 'no route'],
  ['EAFNOSUPPORT', 'unreachable', 'address family'],
  ['EPERM', 'unreachable', 'firewall on this host'],
  ['ECONNRESET', 'closed', 'reset'],
  [undefined, 'closed', 'plain message'],
];

for (const [code, outcome, text] of cases) {
  test(`${code ?? 'an error without a code'} is ${outcome}`, () => {
    const error = Object.assign(new Error('plain message'), code ? { code } : {});
    expect(failureOf(error)).toEqual({ outcome, error: expect.stringContaining(text) });
  });
}
