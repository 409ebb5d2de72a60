import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localHost } from '../../src/host/local.ts';
import { readLocalBytes, readProgramBytes, readRemoteBytes } from '../../src/host/log-bytes.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-bytes-'));
  path = join(folder, 'turn.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Keeps what comes, and lets a test wait for some of it. */
function collector() {
  let text = '';
  const waiting = new Set<() => void>();
  return {
    take: (bytes: Buffer, length: number) => {
      text += bytes.toString('latin1', 0, length);
      for (const look of waiting) look();
    },
    text: () => text,
    has: (part: string) =>
      new Promise<void>(resolve => {
        const look = () => {
          if (!text.includes(part)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

const once = { signal: new AbortController().signal, follow: false };

describe('a file', () => {
  test('is read whole, gzipped or not, whatever its name', async () => {
    const text = 'x'.repeat(700_000);
    for (const content of [Buffer.from(text), gzipSync(text)]) {
      writeFileSync(path, content);
      const seen = collector();
      await readLocalBytes(path, seen.take, once);
      expect(seen.text() === text).toBe(true);
    }
  });

  test('that cannot be read is named', async () => {
    const take = () => {};
    await expect(readLocalBytes(path, take, once)).rejects.toThrow(`${path} does not exist`);
    await expect(readLocalBytes(folder, take, once)).rejects.toThrow('is a directory');
    writeFileSync(path, gzipSync('text '.repeat(10_000)).subarray(0, 60));
    await expect(readLocalBytes(path, take, once)).rejects.toThrow('no whole gzip file');
  });

  test('of another host comes in pieces', async () => {
    const text = 'abcdefgh\n'.repeat(600_000);
    writeFileSync(path, text);
    const seen = collector();
    await readRemoteBytes(localHost(), path, seen.take, once.signal);
    expect(seen.text() === text).toBe(true);
  });
});

describe('following', () => {
  test('goes on through more lines, rotation by renaming, and emptying', async () => {
    writeFileSync(path, 'one\n');
    const seen = collector();
    const stop = new AbortController();
    const ended = readLocalBytes(path, seen.take, { signal: stop.signal, follow: true });
    await seen.has('one\n');
    appendFileSync(path, 'two\n');
    await seen.has('two\n');
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'late\n');
    // Longer than the one before, so that its size does not tell.
    const long = `${'three '.repeat(50)}\n`;
    writeFileSync(path, long);
    await seen.has(long);
    truncateSync(path);
    writeFileSync(path, 'f\n');
    await seen.has('f\n');
    stop.abort();
    await ended;
    expect(seen.text()).toBe(`one\ntwo\nlate\n${long}f\n`);
  });
});

test('a program is read while it prints, its failure is told', async () => {
  const seen = collector();
  await readProgramBytes(['printf', 'a\\nb\\n'], seen.take, once);
  expect(seen.text()).toBe('a\nb\n');
  await expect(readProgramBytes(['ls', '/nonexistent'], seen.take, once)).rejects.toThrow('ls ended with 2');
  await expect(readProgramBytes(['no-such-program-here'], seen.take, once)).rejects.toThrow(
    'is not installed',
  );
  const stop = new AbortController();
  const ended = readProgramBytes(['tail', '--follow', '/dev/null'], seen.take, stop);
  stop.abort();
  await ended;
});
