import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { allocationsAmong } from '../../src/facts/relay-sockets.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { SocketFact } from '../../src/model/facts.ts';

const settings = (...lines: string[]) =>
  settingsOf(
    readConfig(new TextEncoder().encode(lines.join('\n')), { path: '/etc/t.conf', foundBy: 'unit' }),
    '4.6.1',
  );

const socket = (port: number, pid: number | null = 7, protocol: SocketFact['protocol'] = 'udp') => ({
  ...{ protocol, ip: '203.0.113.10', port, pid },
  program: pid === null ? null : 'turnserver',
});

const range = settings('min-port=49160', 'max-port=49200');

describe('allocations by relay sockets', () => {
  const listeners = [socket(3478), socket(3478, 7, 'tcp'), socket(5349, 7, 'tcp')];
  const cases = [
    { name: 'none', sockets: listeners, expected: known(0) },
    {
      name: 'both ends of the range',
      sockets: [...listeners, socket(49160), socket(49200)],
      expected: known(2),
    },
    { name: 'outside of it', sockets: [...listeners, socket(49159), socket(49201)], expected: known(0) },
    { name: 'RFC 6062 too', sockets: [...listeners, socket(49170, 7, 'tcp')], expected: known(1) },
    { name: 'of another process', sockets: [...listeners, socket(49170, 8)], expected: known(0) },
  ];
  for (const { name, sockets, expected } of cases) {
    test(name, () => expect(allocationsAmong(known(sockets), 7, range)).toEqual(expected));
  }

  test('a listening port inside the range is no relay', () => {
    const inside = settings('listening-port=49170', 'min-port=49160', 'max-port=49200');
    expect(allocationsAmong(known([socket(49170), socket(49180)]), 7, inside)).toEqual(known(1));
  });

  const unknowns = [
    { name: 'ss is missing', sockets: unknown('ss is not installed'), says: 'ss is not installed' },
    { name: 'not root', sockets: known([socket(3478, null)]), says: 'only root' },
    { name: 'in a container', sockets: known([socket(53, 99)]), says: 'container' },
  ];
  for (const { name, sockets, says } of unknowns) {
    test(`unknown: ${name}`, () => {
      expect(allocationsAmong(sockets, 7, range)).toMatchObject({
        known: false,
        reason: expect.stringContaining(says),
      });
    });
  }

  test('unknown where allocations share a socket', () => {
    expect(
      allocationsAmong(
        known([socket(3478)]),
        7,
        settingsOf(
          readConfig(new TextEncoder().encode('multiplex-peer-port=5000'), { path: '/t', foundBy: 'unit' }),
          '4.18.0',
        ),
      ),
    ).toMatchObject({ known: false });
  });
});
