import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { fakeIo } from '../support/fake-io.ts';

const turnctl = resolve(import.meta.dirname, '../../bin/turnctl.js');

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

/** The built turnctl, serving; its page, and what it prints. */
async function serve(...flags: string[]) {
  const argv = [turnctl, 'client', 'serve', 'turn:127.0.0.1:3478', '--listen', '0', ...flags];
  const env = { ...process.env, TURNCTL_SECRET: 'not to be seen' };
  const started = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  const printed = { stdout: '', stderr: '' };
  started.stdout.on('data', chunk => (printed.stdout += chunk));
  started.stderr.on('data', chunk => (printed.stderr += chunk));
  const address = () => /http:\S+\//.exec(printed.stderr)?.[0];
  await expect.poll(address, { timeout: 20_000 }).toBeDefined();
  return { started, printed, page: address() ?? '' };
}

const json = async (url: string) => (await (await fetch(url)).json()) as Readonly<Record<string, unknown>>;

describe('client serve', () => {
  test('serves the page and fresh credentials, prints reports, and ends with 0', async () => {
    const { started, printed, page } = await serve();
    expect(await (await fetch(page)).text()).toMatch(/<title>turnctl: test this browser/);
    const ask = () => json(`${page}credentials`);
    const [one, other] = [await ask(), await ask()];
    expect(one).toMatchObject({ ttl: 300, uris: ['turn:127.0.0.1:3478?transport=udp'] });
    expect(one.username).not.toBe(other.username);
    expect(await json(`${page}setup`)).toMatchObject({
      target: 'turn:127.0.0.1:3478',
      link: null,
    });
    const body = JSON.stringify({ text: 'a\u001b[2J\u009b2Jb' });
    expect((await fetch(`${page}report`, { method: 'POST', body })).status).toBe(200);
    const ended = once(started, 'exit');
    started.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(printed.stdout).toBe('{"text":"a\\u001b[2J\\u009b2Jb"}\n');
    expect(printed.stderr).toMatch(
      /^turnctl: a page that tests 1 URI: http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/\n$/,
    );
  });

  test('on all addresses it says who then gets in', async () => {
    const { printed, page } = await serve('--listen', '0.0.0.0:0', '--name', 'laptop.example');
    expect((await json(`${page}setup`)).link).toMatch(/^http:\/\/laptop\.example:\d+\/[\w-]{22}\/$/);
    expect(printed.stderr).toMatch(/on another device: http:\/\/laptop\.example:/);
    expect(printed.stderr).toMatch(/whoever has the address gets credentials/);
  });

  const wrong: [what: string, argv: string[], says: RegExp][] = [
    ['no credentials', ['turn.example.org'], /no relay without credentials/],
    ['no target', ['--secret-file', 's'], /no turn: URI to try/],
    ['a target for Binding alone', ['stun:turn.example.org', '--secret-file', 's'], /no turn: URI to try/],
    ['no port', ['turn.example.org', '--secret-file', 's', '--listen', 'x'], /--listen/],
    ['half of TLS', ['turn.example.org', '--secret-file', 's', '--tls-key', 'k'], /belong together/],
  ];
  for (const [what, argv, says] of wrong)
    test(`${what}: one line and 2`, async () => {
      const io = fakeIo({ s: 'north' });
      expect(await main(['node', 'turnctl', 'client', 'serve', ...argv], io)).toBe(2);
      expect(io.printed.stderr).toMatch(says);
      expect(io.printed.stdout).toBe('');
    });
});
