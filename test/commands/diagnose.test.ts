import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { type FakeIo, fakeIo } from '../support/fake-io.ts';
import { startTurnServer } from '../support/turn-server.ts';

const run = async (args: string[], io: FakeIo = fakeIo()) => {
  const exitCode = await main(['node', 'turnctl', 'diagnose', ...args], io);
  return { exitCode, ...io.printed };
};

test('a host without any coturn is told so, and nothing is judged well', async () => {
  const { exitCode, stdout } = await run([]);
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^UNKNOWN {2}No coturn was found on this host/);
});

describe('a saved report', () => {
  const wrong = [
    { name: 'is no JSON', content: 'hello', says: /is no JSON report/ },
    { name: 'is an array', content: '[]', says: /is no JSON report/ },
    { name: 'is of another schema', content: '{"schemaVersion":9}', says: /has schemaVersion 9/ },
    { name: 'holds no facts', content: '{"schemaVersion":1}', says: /holds no facts/ },
    { name: 'holds no time', content: '{"schemaVersion":1,"facts":{}}', says: /holds no facts/ },
  ];
  for (const { name, content, says } of wrong) {
    test(`that ${name} is wrong usage`, async () => {
      const { exitCode, stdout, stderr } = await run(['--from', 'r.json'], fakeIo({ 'r.json': content }));
      expect(stderr).toMatch(says);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    });
  }

  test('without any fact that is known says that it cannot tell', async () => {
    const content =
      '{"schemaVersion":1,"facts":{"observedAt":"2026-01-31T12:00:00.000Z","wire":{"known":true}}}';
    const { exitCode, stdout } = await run(['--from', 'r.json'], fakeIo({ 'r.json': content }));
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^UNKNOWN/);
  });
});

test('a saved report is about its own host, and judged by another release when asked', async () => {
  const version = { known: true, value: { version: '4.6.1', origin: 'running' } };
  const facts = { observedAt: '2026-01-31T12:00:00.000Z', version };
  const saved = { schemaVersion: 1, target: { host: 'turn-7' }, facts };
  const io = fakeIo({ 'r.json': JSON.stringify(saved) });
  const { stdout } = await run(['--from', 'r.json', '--as-version', '4.18.0', '--json'], io);
  const { judgedAs, target } = JSON.parse(stdout);
  expect(judgedAs).toEqual({ version: '4.18.0', origin: 'asked' });
  expect(target).toEqual({ host: 'turn-7', note: 'facts of r.json' });
});

test.each(['--from', '--config'])('the report does not take the place of the file of %s', async flag => {
  const io = fakeIo({ 'r.json': '{}' });
  expect(await run([flag, 'r.json', '--output', './r.json'], io)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('would overwrite what is read'),
  });
});

describe('a saved report that somebody tampered with', () => {
  const damages: readonly { readonly name: string; readonly facts: Readonly<Record<string, unknown>> }[] = [
    { name: 'config without lists', facts: { config: { path: 'x', entries: 5, faults: [], ignores: {} } } },
    {
      name: 'entries of another kind',
      facts: { config: { path: 'x', entries: [null], faults: [], ignores: [] } },
    },
    { name: 'wire without a list', facts: { wire: { vantage: 'elsewhere', observations: { length: 1 } } } },
    { name: 'observations of another kind', facts: { wire: { observations: [{ probe: 1 }] } } },
    {
      name: 'a line that is a command',
      facts: { config: { path: 'x', entries: [{ line: '1%0A::error::' }], faults: [], ignores: [] } },
    },
    { name: 'a version that is none', facts: { version: { version: 7, origin: [] } } },
    { name: 'keys of Object.prototype', facts: { constructor: {}, toString: {} } },
    { name: 'processes that are a number', facts: { processes: 7, sockets: 'x', addresses: [] } },
    { name: 'processes of another kind', facts: { processes: [null], sockets: [7], service: {} } },
  ];
  for (const { name, facts } of damages) {
    test(`${name}: no stack, and no format breaks`, async () => {
      const known = Object.entries(facts).map(([key, value]) => [key, { known: true, value }]);
      const content = JSON.stringify({
        schemaVersion: 1,
        facts: { observedAt: '2026-01-31T12:00:00.000Z', ...Object.fromEntries(known) },
      });
      for (const format of ['human', 'json', 'junit', 'sarif', 'github']) {
        const io = fakeIo({ 'r.json': content });
        const { exitCode, stdout } = await run(['--from', 'r.json', '--format', format], io);
        expect([1, 3]).toContain(exitCode);
        expect(stdout).not.toBe('');
        expect(stdout).not.toMatch(/^\s+at .*\.ts/m);
      }
    });
  }
});

describe('a target', () => {
  test('that nobody listens on ends with 3', async () => {
    const server = await startTurnServer();
    await server.stop();
    const { exitCode, stdout } = await run([`turn:127.0.0.1:${server.udp.port}?transport=udp`]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^UNKNOWN {2}127\.0\.0\.1:\d+ over UDP refuses/);
  });

  test('that answers HTTP is named', async () => {
    const server = await startTurnServer({
      faults: { instead: new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n') },
    });
    try {
      const { exitCode, stdout } = await run([`turn:127.0.0.1:${server.tcp.port}?transport=tcp`]);
      expect(exitCode).toBe(3);
      expect(stdout).toContain('HTTP');
    } finally {
      await server.stop();
    }
  });

  test('that takes a wrong password for wrong, with the secret nowhere', async () => {
    const server = await startTurnServer({ users: { alice: 'right' }, realm: 'test.invalid' });
    const io = { ...fakeIo({ pw: 'not-the-password\n' }) };
    try {
      const uri = `turn:127.0.0.1:${server.udp.port}?transport=udp`;
      const { exitCode, stdout } = await run([uri, '--user', 'alice', '--password-file', 'pw', '--json'], io);
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout).verdict.causes).toContain('credentials/secret-mismatch');
      expect(stdout).not.toContain('not-the-password');
    } finally {
      await server.stop();
    }
  });
});

test('a browser has no server to call over in a demo, or in what was saved', async () => {
  for (const without of [['--demo'], ['--from', 'r.json']]) {
    const { exitCode, stderr } = await run(['--client', ...without]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--client has no use for --demo and --from/);
  }
});
