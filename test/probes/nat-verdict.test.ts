import { describe, expect, test } from 'vitest';
import { filteringOf, mappingOf } from '../../src/probes/nat-verdict.ts';

const address = (port: number) => ({ ip: '198.51.100.7', port });
const server = { otherIp: { ip: '203.0.113.11', port: 3478 }, other: { ip: '203.0.113.11', port: 3479 } };

describe('mapping', () => {
  const cases = [
    ['endpoint-independent', 1, 1, 1],
    ['endpoint-independent', 1, 1, null],
    ['address-dependent', 1, 2, 2],
    ['address-and-port-dependent', 1, 2, 3],
    ['inconclusive', 1, null, 1],
    ['inconclusive', 1, 2, null],
  ] as const;
  test.each(cases)('%s: %i, %j, %j', (kind, primary, otherIp, other) => {
    const at = (port: number | null) => (port === null ? null : address(port));
    const tests = { primary: address(primary), otherIp: at(otherIp), other: at(other) };
    expect(mappingOf(tests, server).kind).toBe(kind);
  });
});

describe('filtering', () => {
  const cases = [
    ['endpoint-independent', 'from-there', 'silent', false, false],
    ['address-dependent', 'silent', 'from-there', true, true],
    ['address-dependent', 'silent', 'from-there', true, false],
    ['address-and-port-dependent', 'silent', 'silent', true, true],
    // Silence is the NAT's doing only where the server was seen to send.
    ['inconclusive', 'silent', 'silent', false, false],
    ['inconclusive', 'silent', 'silent', true, false],
    ['inconclusive', 'silent', 'from-there', false, true],
    ['inconclusive', 420, 420, false, false],
    ['inconclusive', 'silent', 420, true, true],
    ['inconclusive', 'from-asked', 'silent', true, true],
    ['inconclusive', 'silent', 'from-asked', true, true],
  ] as const;
  test.each(cases)('%s: %j, %j, %j, %j', (kind, changeBoth, changePort, provenBoth, provenPort) => {
    expect(filteringOf({ changeBoth, changePort, provenBoth, provenPort }).kind).toBe(kind);
  });
});
