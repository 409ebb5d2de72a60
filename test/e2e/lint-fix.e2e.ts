import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runLint } from '../../src/commands/lint.ts';
import { canonicalName } from '../../src/config/directives.ts';
import { applyEdits } from '../../src/config/edit.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { startFailures } from '../../src/config/start-failure.ts';
import { localHost } from '../../src/host/local.ts';
import cases from '../fixtures/cases.json' with { type: 'json' };
import { freePorts } from '../support/coturn.ts';
import { fakeIo } from '../support/fake-io.ts';

const VERSION = '4.6.1';
const folder = mkdtempSync(join(tmpdir(), 'turnctl-lint-fix-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const realWorld = resolve(import.meta.dirname, '../fixtures/real-world');
const files = [
  ...cases.map(({ id, config }) => ({ name: `${id}.conf`, bytes: Buffer.from(config) })),
  ...readdirSync(realWorld)
    .filter(name => name.endsWith('.conf'))
    .map(name => ({ name, bytes: readFileSync(join(realWorld, name)) })),
];

/** Lines that bind the copy to another host, or send its log elsewhere. */
const OF_THE_HOST = new Set(
  'listening-ip listening-device relay-ip relay-device external-ip aux-server listening-port tls-listening-port alt-listening-port alt-tls-listening-port tcp-proxy-port min-port max-port proc-user proc-group daemon log-file syslog simple-log pidfile userdb psql-userdb mysql-userdb mongo-userdb redis-userdb redis-statsdb web-admin cli-port cli-ip'.split(
    ' ',
  ),
);

async function fix(path: string): Promise<string> {
  const io = { ...fakeIo(), host: localHost() };
  await runLint({ files: [path], fix: true, format: 'json', asVersion: VERSION }, io);
  return io.printed.stderr;
}

/** The file with those lines commented out. */
function movedHere(bytes: Uint8Array): Uint8Array {
  const lines = parseConfig(bytes, '').entries.filter(
    ({ name, overflow }) => !overflow && OF_THE_HOST.has(canonicalName(name)),
  );
  return applyEdits(
    bytes,
    lines.map(({ name, line }) => ({ kind: 'comment-out', target: { option: name, line } })),
  );
}

/** What coturn said until it listened, or until it ended. */
function listens(child: ChildProcess): Promise<{ readonly listening: boolean; readonly log: string }> {
  let log = '';
  return new Promise(done => {
    const read = (chunk: Buffer) => {
      log += chunk;
      if (/listener opened on/i.test(log)) done({ listening: true, log });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => done({ listening: false, log }));
  });
}

async function startWith(path: string) {
  const port = await freePorts(4);
  const own = { pidfile: `${path}.pid`, userdb: `${path}.db`, 'log-file': 'stdout' };
  const ports = {
    'listening-port': port,
    'tls-listening-port': port + 2,
    'min-port': 49900,
    'max-port': 49950,
  };
  const argv = Object.entries({ 'listening-ip': '127.0.0.1', 'relay-ip': '127.0.0.1', ...ports, ...own });
  const options = [...argv.map(([name, value]) => `--${name}=${value}`), '--no-cli', '--verbose'];
  const child = spawn('/usr/bin/turnserver', ['-c', path, ...options], { cwd: folder, stdio: 'pipe' });
  try {
    return await listens(child);
  } finally {
    child.kill('SIGKILL');
  }
}

describe('what lint --fix writes', () => {
  let started = 0;

  afterAll(() => expect(started).toBeGreaterThan(files.length * 0.8));

  for (const { name, bytes } of files) {
    test(`${name} is finished in one run, and coturn starts with it`, async () => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      await fix(path);
      const once = readFileSync(path);
      const backups = readdirSync(folder).filter(entry => entry.startsWith(`${name}.turnctl-`));
      expect(backups).toHaveLength(once.equals(bytes) ? 0 : 1);

      expect(await fix(path)).not.toMatch(/the old file is/);
      expect(readFileSync(path).equals(once)).toBe(true);
      expect(readdirSync(folder).filter(entry => entry.startsWith(`${name}.turnctl-`))).toEqual(backups);

      const here = movedHere(once);
      const fact = readConfig(here, { path, foundBy: 'asked', version: VERSION });
      // What is left for a person to decide may still stop it.
      if (startFailures(settingsOf(fact, VERSION)).length > 0) return;
      writeFileSync(path, here);
      const { listening, log } = await startWith(path);
      expect(listening, log).toBe(true);
      started++;
    });
  }
});
