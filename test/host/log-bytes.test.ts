import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localHost } from '../../src/host/local.ts';
import { readLocalBytes } from '../../src/host/log-bytes.ts';
import { programPieces } from '../../src/host/program-pieces.ts';
import { readRemoteFile } from '../../src/host/remote-log.ts';

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
    writeFileSync(path, Buffer.from('1f8b0800000000000003ffffffffffff', 'hex'));
    await expect(readLocalBytes(path, take, once)).rejects.toThrow('no whole gzip file');
  });

  test('gzipped and cut short gives what is there of it, once, and is said to be cut', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `line ${i} ${i * i}\n`).join('');
    const packed = gzipSync(lines);
    for (const size of [1_000, 100_000, packed.length - 1]) {
      writeFileSync(path, packed.subarray(0, size));
      const seen = collector();
      const cut: string[] = [];
      await readLocalBytes(path, seen.take, { ...once, onCutShort: file => cut.push(file) });
      const there = gunzipSync(packed.subarray(0, size), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
      expect(lines.startsWith(there)).toBe(true);
      expect(seen.text() === there).toBe(true);
      expect(cut).toEqual([path]);
    }
  });
});

/** Another host, whose programs are started here. */
const there = {
  ...localHost(),
  stream: (argv: readonly string[], signal: AbortSignal) => programPieces(argv, { signal, holdStdin: true }),
};

describe('a file of another host', () => {
  test('is read byte for byte, gzipped or not', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 256));
    for (const content of [bytes, gzipSync(bytes), Buffer.alloc(0), Buffer.from('x')]) {
      writeFileSync(path, content);
      const seen = collector();
      await readRemoteFile(there, path, seen.take, once);
      expect(seen.text()).toBe((content[0] === 0x1f ? bytes : content).toString('latin1'));
    }
  });

  test('that cannot be read is named', async () => {
    await expect(readRemoteFile(there, folder, () => {}, once)).rejects.toThrow('is a directory');
    await expect(readRemoteFile(there, path, () => {}, once)).rejects.toThrow('does not exist');
  });

  test('is followed through rotation and into the file of the next day', async () => {
    const today = join(folder, 'turn_2026-11-24.log');
    writeFileSync(today, 'one\n');
    const seen = collector();
    const stop = new AbortController();
    const ended = readRemoteFile(there, today, seen.take, { signal: stop.signal, follow: true });
    await seen.has('one\n');
    renameSync(today, `${today}.1`);
    writeFileSync(today, 'two\n');
    await seen.has('two\n');
    writeFileSync(join(folder, 'turn_2026-11-25.log'), 'three\n');
    await seen.has('three\n');
    stop.abort();
    await ended;
    expect(seen.text()).toBe('one\ntwo\nthree\n');
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

test('following goes on in the file that coturn opens at midnight, or under another process id', async () => {
  const names = ['turn_71_2026-11-24.log', 'turn_71_2026-11-25.log', 'turn_72_2026-11-25.log'];
  const [first = '', ...rest] = names.map(name => join(folder, name));
  // Of another day, and of somebody else: not what comes next.
  writeFileSync(join(folder, 'turn_70_2026-11-23.log'), 'old\n');
  writeFileSync(first, `${first}\n`);
  const seen = collector();
  const stop = new AbortController();
  const ended = readLocalBytes(first, seen.take, { signal: stop.signal, follow: true });
  await seen.has(first);
  writeFileSync(join(folder, 'other_2026-11-25.log'), 'other\n');
  writeFileSync(join(folder, 'turn_71_2026-11-24.log.1.gz'), 'packed\n');
  for (const path of rest) {
    writeFileSync(path, `${path}\n`);
    await seen.has(path);
  }
  stop.abort();
  await ended;
  expect(seen.text()).toBe([first, ...rest].map(path => `${path}\n`).join(''));
});

test('a program is read while it prints, its failure is told', async () => {
  const read = async (argv: readonly string[], signal = once.signal) => {
    let text = '';
    for await (const piece of programPieces(argv, { signal })) text += piece;
    return text;
  };
  expect(await read(['printf', 'a\\nb\\n'])).toBe('a\nb\n');
  await expect(read(['ls', '/nonexistent'])).rejects.toThrow('ls ended with 2');
  await expect(read(['no-such-program-here'])).rejects.toThrow('is not installed');
  const stop = new AbortController();
  const ended = read(['tail', '--follow', '/dev/null'], stop.signal);
  stop.abort();
  await ended;
});
