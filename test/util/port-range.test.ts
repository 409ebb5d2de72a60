import { expect, test } from 'vitest';
import {
  formatPortRange,
  parsePort,
  portCount,
  subtractPorts,
  unionPorts,
} from '../../src/util/port-range.ts';

test('ports are counted with both ends', () => {
  expect(portCount({ from: 49152, to: 65535 })).toBe(16384);
  expect(portCount({ from: 5000, to: 5000 })).toBe(1);
  expect(portCount({ from: 5001, to: 5000 })).toBe(0);
});

test('ranges are written as in a configuration', () => {
  expect(formatPortRange({ from: 3478, to: 3478 })).toBe('3478');
  expect(formatPortRange({ from: 49152, to: 65535 })).toBe('49152-65535');
});

test.each([
  ['0', 0],
  ['65535', 65535],
  ['65536', null],
  ['-1', null],
  ['3478 ', null],
  ['', null],
  ['1e3', null],
])('"%s" as a port', (text, port) => expect(parsePort(text)).toBe(port));

test('union and difference', () => {
  const open = [
    { from: 10, to: 20 },
    { from: 21, to: 30 },
    { from: 5, to: 4 },
  ];
  expect(unionPorts(open)).toEqual([{ from: 10, to: 30 }]);
  expect(
    subtractPorts(open, [
      { from: 12, to: 12 },
      { from: 28, to: 99 },
    ]),
  ).toEqual([
    { from: 10, to: 11 },
    { from: 13, to: 27 },
  ]);
});
