import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellLine } from '../../src/util/shell-line.ts';

const HOSTILE = [
  '',
  ' ',
  '-n',
  '--',
  '~',
  '~root/x',
  'a=b',
  '$(touch /tmp/turnctl-never)',
  '`id`',
  '$HOME',
  "it's",
  "'",
  "''",
  "'; rm -rf /tmp/turnctl-never; '",
  '"',
  '\\',
  "\\'",
  'a\nb',
  '\n',
  '\r\n',
  '\t',
  '*',
  '[a-z]?',
  '{a,b}',
  '!!',
  '#no',
  'a;b|c&d>e<f',
  'é ü 漢 😀',
  '%s\\n',
];

/** What a real shell makes of a command: each argument, ended by NUL. */
function wordsOf(shell: string, argv: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(shell, ['-c', shellLine(['printf', '%s\\0', ...argv])], {
    env: { PATH: process.env.PATH, HOME: '/root' },
  });
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  return stdout.toString().split('\0').slice(0, -1);
}

describe('a real shell reads back what was quoted', () => {
  for (const shell of ['sh', 'bash']) {
    test(`${shell}: hostile words`, () => {
      expect(wordsOf(shell, HOSTILE)).toEqual(HOSTILE);
    });
  }

  test('sh: any words', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE, "'", '"', '\\', '$', '`', '!', '\n', ' '),
      fc.string({ unit: 'grapheme' }),
    );
    const word = fc.array(piece, { maxLength: 6 }).map(pieces => pieces.join('').replaceAll('\0', ''));
    // Many words a shell: starting one takes longer than reading them.
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), words => {
        expect(wordsOf('sh', words)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  test('as the name of a program', () => {
    const { stderr, status } = spawnSync('sh', ['-c', shellLine(['a=b', 'x'])]);
    expect({ status, stderr: stderr.toString() }).toMatchObject({
      status: 127,
      stderr: expect.stringContaining('a=b'),
    });
  });
});

test('ordinary words stay readable', () => {
  expect(shellLine(['systemctl', 'show', 'coturn.service', '--property=Id,User', '/etc/a b'])).toBe(
    "systemctl show coturn.service --property=Id,User '/etc/a b'",
  );
});
