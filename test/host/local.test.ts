import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environment, localHost } from '../../src/host/local.ts';

const host = localHost();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-local-'));
  writeFileSync(join(folder, 'file'), 'text\n');
  mkdirSync(join(folder, 'directory'));
  symlinkSync('file', join(folder, 'link'));
  writeFileSync(join(folder, 'large'), '');
  truncateSync(join(folder, 'large'), 2 ** 30);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  chmodSync(join(folder, 'file'), 0o640);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('run', () => {
  test('gives output and exit code, in the C locale, without a shell', async () => {
    const result = await host.run(['sh', '-c', 'echo "$LC_ALL"; echo oops >&2; exit 3']);
    expect(result).toEqual({ exitCode: 3, stdout: 'C\n', stderr: 'oops\n', truncated: false });
    expect((await host.run(['echo', '$HOME; *'])).stdout).toBe('$HOME; *\n');
  });

  test('feeds its input', async () => {
    expect((await host.run(['cat'], { input: 'given' })).stdout).toBe('given');
  });

  test('finds programs of the administrator without root’s PATH', async () => {
    expect((await host.run(['ip', '-V'])).exitCode).toBe(0);
  });

  test('says which program is missing', async () => {
    await expect(host.run(['turnctl-no-such-program'])).rejects.toMatchObject({
      code: 'no-such-program',
      message: 'turnctl-no-such-program is not installed',
    });
  });

  test('says that a file is no program', async () => {
    await expect(host.run([join(folder, 'file')])).rejects.toMatchObject({ code: 'permission-denied' });
  });

  test('what left the group of a program does not hold its timeout up', async () => {
    const started = performance.now();
    const pidFile = `${folder}.escaped`;
    const command = `setsid sh -c 'echo $$ > ${pidFile}; exec sleep 60' & sleep 60`;
    await expect(host.run(['sh', '-c', command], { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timed-out',
    });
    expect(performance.now() - started).toBeLessThan(10_000);
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    rmSync(pidFile);
  });

  test('an abort ends the program', async () => {
    const abort = new AbortController();
    const result = host.run(['sleep', '60'], { signal: abort.signal });
    abort.abort();
    await expect(result).rejects.toMatchObject({ code: 'timed-out' });
  });

  test('gives programs no secret, and no relative folder to be looked for in', () => {
    const { PATH, ...rest } = environment({ PATH: '.::bin:/opt/bin:', TURNCTL_SECRET: 's', HOME: '/root' });
    expect(PATH).toBe('/opt/bin:/usr/local/sbin:/usr/sbin:/sbin');
    expect(rest).toEqual({ HOME: '/root', LC_ALL: 'C' });
    expect(environment({}).PATH).toMatch(/^\/usr\/local\/bin:/);
  });

  test('a timeout ends what the program started, too', async () => {
    const pidFile = join(folder, 'pid');
    const command = `sleep 600 & echo $! > ${pidFile}; wait`;
    await expect(host.run(['sh', '-c', command], { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timed-out',
    });
    const pid = Buffer.from(await host.readFile(pidFile))
      .toString()
      .trim();
    // A killed child of a killed shell stays a zombie until it is reaped; it runs no more.
    const state = await host.readFile(`/proc/${pid}/stat`).then(
      stat => Buffer.from(stat).toString().split(' ')[2],
      () => 'gone',
    );
    expect(['gone', 'Z', 'X']).toContain(state);
  });

  test('output is capped', async () => {
    const result = await host.run(['yes'], { maxOutputBytes: 1000 });
    expect(result.truncated).toBe(true);
    expect(result.stdout).toHaveLength(1000);
  });

  test('a signal is an exit code above 128', async () => {
    expect((await host.run(['sh', '-c', 'kill -TERM $$'])).exitCode).toBe(143);
  });
});

describe('readFile', () => {
  test('reads files, also those of /proc that announce no size', async () => {
    expect(Buffer.from(await host.readFile(join(folder, 'link'))).toString()).toBe('text\n');
    expect(Buffer.from(await host.readFile('/proc/self/comm')).length).toBeGreaterThan(0);
  });

  const refused = [
    { what: 'missing', code: 'not-found' },
    { what: 'file/below', code: 'not-found' },
    { what: 'directory', code: 'is-directory' },
    { what: 'large', code: 'too-large' },
    { what: 'pipe', code: 'io' },
    { what: 'nul\0byte', code: 'not-found' },
  ];
  for (const { what, code } of refused) {
    test(`refuses ${JSON.stringify(what)}: ${code}`, async () => {
      await expect(host.readFile(join(folder, what))).rejects.toMatchObject({ name: 'HostError', code });
    });
  }

  test('stops at the limit where no size is announced', async () => {
    await expect(host.readFile('/proc/cpuinfo', { maxBytes: 10 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });
});

test('lists, follows and describes', async () => {
  expect(await host.readDirectory(folder)).toEqual(['directory', 'file', 'large', 'link', 'pid', 'pipe']);
  expect(await host.readLink(join(folder, 'link'))).toBe('file');
  await expect(host.readLink(join(folder, 'file'))).rejects.toMatchObject({ code: 'io' });
  expect(await host.status(join(folder, 'link'))).toMatchObject({ kind: 'file', mode: 0o640, sizeBytes: 5 });
  expect(await host.status(join(folder, 'pipe'))).toMatchObject({ kind: 'other' });
});
