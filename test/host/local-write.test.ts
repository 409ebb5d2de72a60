import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUpAndWrite } from '../../src/fixes/apply.ts';
import { writableLocalHost } from '../../src/host/local-write.ts';

const host = writableLocalHost();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-write-'));
  path = join(folder, 'turnserver.conf');
  writeFileSync(path, 'old\n', { mode: 0o640 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('keeps owner and mode, and makes a backup like the file', async () => {
  chmodSync(path, 0o604);
  if (process.getuid?.() === 0) chownSync(path, 65534, 65534);
  const before = statSync(path);
  const backup = await backUpAndWrite(host, path, Buffer.from('new\n'), {
    expectSha256: sha256('old\n'),
    now: Date.UTC(2026, 0, 31, 12),
  });
  expect(backup).toBe(`${path}.turnctl-20260131T120000Z.bak`);
  expect(readFileSync(path, 'utf8')).toBe('new\n');
  expect(readFileSync(backup, 'utf8')).toBe('old\n');
  for (const { mode, uid, gid } of [statSync(path), statSync(backup)]) {
    expect({ mode, uid, gid }).toEqual({ mode: before.mode, uid: before.uid, gid: before.gid });
  }
});

const hasAcl = spawnSync('setfacl', ['--version']).status === 0;

test.skipIf(!hasAcl)('keeps the access list, in the backup too', async context => {
  const set = spawnSync('setfacl', ['-m', 'u:65534:r,g:65534:rw,m::r', path], { encoding: 'utf8' });
  if (/not supported/.test(set.stderr)) return context.skip(`${folder}: ${set.stderr.trim()}`);
  expect(set.stderr).toBe('');
  const list = (of: string): string =>
    execFileSync('getfacl', ['--numeric', '--omit-header', '--absolute-names', of], { encoding: 'utf8' });
  const before = list(path);
  expect(before).toContain('user:65534:r--');
  const backup = await backUpAndWrite(host, path, Buffer.from('new\n'), {
    expectSha256: sha256('old\n'),
    now: 0,
  });
  expect(readFileSync(path, 'utf8')).toBe('new\n');
  expect({ file: list(path), backup: list(backup) }).toEqual({ file: before, backup: before });
});

test('follows a link to the file', async () => {
  const link = join(folder, 'link.conf');
  symlinkSync('turnserver.conf', link);
  await host.writeFile(link, Buffer.from('new\n'), { expectSha256: sha256('old\n') });
  expect(readFileSync(path, 'utf8')).toBe('new\n');
  expect(await host.readLink(link)).toBe('turnserver.conf');
});

test('leaves a file alone that somebody else has changed', async () => {
  const write = host.writeFile(path, Buffer.from('new\n'), { expectSha256: sha256('other\n') });
  await expect(write).rejects.toMatchObject({ code: 'changed' });
  await expect(host.writeFile(path, Buffer.from(''), { expectSha256: 'absent' })).rejects.toMatchObject({
    code: 'changed',
  });
  expect(readFileSync(path, 'utf8')).toBe('old\n');
  expect(readdirSync(folder)).toEqual(['turnserver.conf']);
});

test('says why it cannot write', async () => {
  const missing = join(folder, 'nowhere', 'turnserver.conf');
  await expect(host.writeFile(missing, Buffer.from(''), { expectSha256: sha256('') })).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('removes what a killed run left, and not what a running one writes', async () => {
  const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
  const [leftover, others, strange] = [
    `.turnserver.conf.turnctl-${gone}.tmp`,
    `.turnserver.conf.turnctl-${process.ppid}.tmp`,
    '.other.conf.turnctl-1.tmp',
  ];
  for (const name of [leftover, others, strange]) writeFileSync(join(folder, name), 'half');
  await host.writeFile(path, Buffer.from('new\n'), { expectSha256: sha256('old\n') });
  expect(readdirSync(folder).sort()).toEqual([strange, others, 'turnserver.conf'].sort());
});

/** Writes the one and the other content in turn, and says so before each time. */
const WRITER = `
import { createHash as hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writableLocalHost } from ${JSON.stringify(join(import.meta.dirname, '../../src/host/local-write.ts'))};
const path = process.argv[2];
const host = writableLocalHost();
for (;;) {
  const old = readFileSync(path);
  const next = Buffer.alloc(old.length, old[0] === 97 ? 98 : 97);
  process.stdout.write('writing\\n');
  await host.writeFile(path, next, { expectSha256: hash('sha256').update(old).digest('hex') });
}`;

const SIZE = 1024 * 1024;

test('killed at any moment: the file is the old or the new one', async () => {
  const writer = join(folder, 'writer.mjs');
  await build({
    stdin: { contents: WRITER, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outfile: writer,
  });
  const target = join(folder, 'large.conf');
  writeFileSync(target, Buffer.alloc(SIZE, 97), { mode: 0o600 });
  for (let round = 0; round < 40; round++) {
    const child = spawn(process.execPath, [writer, target], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await writingFor(child, 1 + (round % 4), (round * 7) % 10);
    child.kill('SIGKILL');
    expect((await ended)[1]).toBe('SIGKILL');
    const bytes = readFileSync(target);
    expect(bytes.length).toBe(SIZE);
    expect(bytes.equals(Buffer.alloc(SIZE, bytes[0]))).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
  }
  const bytes = readFileSync(target);
  await host.writeFile(target, bytes, { expectSha256: createHash('sha256').update(bytes).digest('hex') });
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([]);
}, 120_000);

/** Until it has begun its n-th write, and then some turns of the event loop: anywhere within that write. */
async function writingFor(child: ChildProcess, writes: number, turns: number): Promise<void> {
  let begun = 0;
  for await (const _ of createInterface({ input: child.stdout! })) if (++begun === writes) break;
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
}
