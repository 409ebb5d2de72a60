import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../..');
let folder: string;
let program: string;

/** The program as a process, built from the sources as they are now. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'turnctl-process-'));
  const { buildProgram } = await import(join(repository, '.ci/program.mjs'));
  await buildProgram(join(folder, 'dist'));
  mkdirSync(join(folder, 'bin'));
  program = join(folder, 'bin/turnctl.js');
  for (const name of ['turnctl.js', 'load.js'])
    copyFileSync(join(repository, 'bin', name), join(folder, 'bin', name));
  writeFileSync(join(folder, 'package.json'), '{"version":"0.0.0","type":"module"}');
  writeFileSync(join(folder, 't.conf'), 'no-stun\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a line of shell in which `$T` is turnctl, and `$DIR` a folder with t.conf in it. */
function shell(line: string) {
  const env = { ...process.env, T: `${process.execPath} ${program}`, DIR: folder, LANG: 'C.UTF-8', CI: '1' };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

const lint = '$T lint $DIR/t.conf --as-version 4.6.1';

describe('where the output goes', () => {
  const cases: [line: string, status: number, stderr: RegExp][] = [
    [`$T explain --all | head -1 > /dev/null; exit \${PIPESTATUS[0]}`, 0, /^$/],
    [`${lint} | true; exit \${PIPESTATUS[0]}`, 1, /^$/],
    [`${lint} > /dev/full`, 3, /^turnctl: cannot write to standard output: .*ENOSPC[^\n]*\n$/],
    ['$T --version > /dev/full', 3, /^$/],
    [`${lint} >&-`, 1, /^$/],
    ['$T lint /nope --as-version 4.6.1 2> /dev/full', 3, /^$/],
    ['$T lint /nope --as-version 4.6.1 2>&1 > /dev/null | true; exit $PIPESTATUS', 3, /^$/],
    [`${lint} --output /dev/full`, 3, /no space left/],
    [`${lint} --output /proc/self/fd/1 > /dev/null`, 1, /^$/],
    [`${lint} --output /nope/report`, 3, /its folder does not exist/],
    ['$T lint - --as-version 4.6.1 < /dev/zero', 3, /standard input is too large/],
  ];
  for (const [line, status, stderr] of cases) {
    test(line, () => {
      const result = shell(line);
      expect(result.stderr).toMatch(stderr);
      expect(result.status).toBe(status);
    });
  }

  test('a pipe is written, not replaced', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const { stdout } = shell(`${lint} --json --output $DIR/pipe & cat $DIR/pipe; wait`);
    expect(JSON.parse(stdout).schemaVersion).toBe(1);
    rmSync(join(folder, 'pipe'));
  });

  test('nothing is written but the report, and not through a link', () => {
    const before = readdirSync(folder);
    symlinkSync('t.conf', join(folder, 'report'));
    expect(shell(`${lint} --output $DIR/report`).status).toBe(1);
    expect(readFileSync(join(folder, 't.conf'), 'utf8')).toBe('no-stun\n');
    rmSync(join(folder, 'report'));
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('signals while a server keeps us waiting', () => {
  async function interrupted(signals: readonly NodeJS.Signals[]) {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    // Over TCP, so that it is certain to be waiting once it has connected.
    const argv = [program, 'probe', 'stun', `turn:127.0.0.1:${port}?transport=tcp`, '--timeout', '60'];
    const child: ChildProcess = spawn(process.execPath, argv, { stdio: 'ignore' });
    const [socket] = await once(silent, 'connection');
    for (const signal of signals) child.kill(signal);
    const [code] = await once(child, 'exit');
    socket.destroy();
    silent.close();
    return code;
  }
  test('SIGINT', async () => expect(await interrupted(['SIGINT'])).toBe(130));
  test('SIGTERM', async () => expect(await interrupted(['SIGTERM'])).toBe(130));
  test('SIGHUP', async () => expect(await interrupted(['SIGHUP'])).toBe(130));
});

test('V8 takes what it compiled when the program was built', () => {
  const entry = `import { load } from '${join(repository, 'bin/load.js')}'; process.stdout.write(String(load().script.cachedDataRejected))`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', entry], { encoding: 'utf8' })).toBe(
    'false',
  );
});

test('a bug does not pass for findings', () => {
  const entry = `import { load } from '${join(folder, 'bin/load.js')}'; setImmediate(() => { throw new Error('bug') }); process.exitCode = await load().run()`;
  const started = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', entry, 'probe', 'turn', 'turn:127.0.0.1:9'],
    {
      encoding: 'utf8',
    },
  );
  expect(started.stderr).toMatch(/Error: bug\n\s+at /);
  expect(started.status).toBe(3);
});

test('a program that hangs costs no more than --timeout', () => {
  mkdirSync(join(folder, 'path'));
  for (const name of [
    'systemctl',
    'journalctl',
    'nft',
    'iptables-nft-save',
    'docker',
    'ip',
    'ss',
    'getfacl',
    'tail',
    'grep',
    'dpkg-query',
  ]) {
    writeFileSync(join(folder, 'path', name), '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  }
  const started = performance.now();
  const { stdout } = shell('PATH=$DIR/path:$PATH $T diagnose --timeout 1 --json');
  expect(JSON.parse(stdout).schemaVersion).toBe(1);
  expect(performance.now() - started).toBeLessThan(6000);
});
