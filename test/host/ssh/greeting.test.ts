import { expect, test } from 'vitest';
import { destinationProblem } from '../../../src/host/ssh/destination.ts';
import { parseStat, refusalOf } from '../../../src/host/ssh/file-reader.ts';
import { PROBE_WORD, parseGreeting } from '../../../src/host/ssh/greeting.ts';

const said = (...lines: string[]) => `${[PROBE_WORD, ...lines].join('\n')}\n`;

test('root', () => {
  const text = said('0', 'turn1', '/usr/bin:/bin', '192.0.2.9 40000 192.0.2.1 22', '', '/usr/bin/timeout');
  expect(parseGreeting('turn', text)).toEqual({
    name: 'turn1',
    uid: 0,
    path: '/usr/bin:/bin',
    address: '192.0.2.1',
    sudo: false,
    timeout: true,
  });
});

test('an ordinary user with sudo, on a host without timeout(1) that does not tell its address', () => {
  expect(parseGreeting('turn', said('1000', 'turn1', '/bin', '', 'sudo', ''))).toMatchObject({
    uid: 1000,
    address: null,
    sudo: true,
    timeout: false,
  });
});

test('a login shell that is none of POSIX is refused', () => {
  const text = said('0', 'turn1', '/bin', '', '', '').replace('\\n', '\n');
  expect(() => parseGreeting('turn', text)).toThrow('does not read words as a POSIX shell does');
});

test('a login shell that talks is refused: what it says would be part of every answer', () => {
  expect(() => parseGreeting('turn', `Welcome!\n${said('0', 'turn1', '/bin', '', '', '')}`)).toThrow(
    'prints 9 bytes of its own',
  );
});

test('destinations', () => {
  for (const good of ['turn', 'root@192.0.2.1', 'ssh://a@b.example:2222', 'fe80::1%eth0', 'a.b-c_d']) {
    expect({ good, problem: destinationProblem(good) }).toEqual({ good, problem: undefined });
  }
  for (const bad of ['', '-oProxyCommand=x', 'root@-x', 'root@', 'a b', 'a;b', "a'b", 'a\nb', 'a$b']) {
    expect({ bad, problem: destinationProblem(bad) }).toEqual({ bad, problem: expect.any(String) });
  }
});

test('stat(1) of GNU and of BusyBox', () => {
  expect(parseStat('81a0 0 118 2048 2026-01-31 12:00:00.987654321 +0100\n')).toEqual({
    kind: 'file',
    mode: 0o640,
    uid: 0,
    gid: 118,
    sizeBytes: 2048,
    modifiedAtMs: Date.parse('2026-01-31T11:00:00.987Z'),
  });
  expect(parseStat('43ff 0 0 40 2026-01-31 12:00:00 +0000')).toMatchObject({
    kind: 'directory',
    mode: 0o1777,
  });
  expect(parseStat('2190 0 0 0 2026-01-31 12:00:00.000000000 -0330')).toMatchObject({
    kind: 'other',
    modifiedAtMs: Date.parse('2026-01-31T15:30:00.000Z'),
  });
});

test('what tools write when they are refused', () => {
  expect(refusalOf('/a', "stat: cannot statx '/a': No such file or directory")).toMatchObject({
    code: 'not-found',
    message: '/a does not exist',
  });
  expect(refusalOf('/a', 'head: /a: Permission denied')).toMatchObject({ code: 'permission-denied' });
  expect(refusalOf('/a', 'head: /a: I/O error')).toMatchObject({ code: 'io' });
});
