import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { startTurnServer, type TurnServer } from '../support/turn-server.ts';

const turnctl = resolve(import.meta.dirname, '../../bin/turnctl.js');

let server: TurnServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Starts turnctl against a server that grants an allocation and then keeps it waiting. */
async function startWaiting() {
  server = await startTurnServer({
    users: { alice: 'secret' },
    realm: 'test.invalid',
    faults: { drop: { createPermission: Number.POSITIVE_INFINITY } },
  });
  const uri = `turn:127.0.0.1:${server.udp.port}?transport=udp`;
  const child = spawn(process.execPath, [turnctl, 'diagnose', uri, '--user', 'alice', '--timeout', '30'], {
    env: { ...process.env, TURNCTL_PASSWORD: 'secret' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout.on('data', chunk => output.push(String(chunk)));
  child.stderr.on('data', chunk => output.push(String(chunk)));
  const { requests } = server;
  const seen = (method: string) => requests.filter(request => request.method === method);
  await vi.waitFor(() => expect(seen('createPermission')).not.toEqual([]), { timeout: 10_000, interval: 10 });
  return { child, output, seen };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in the middle releases every allocation and ends with 130`, async () => {
    const { child, output, seen } = await startWaiting();
    const granted = seen('allocate').filter(({ answer }) => answer === 'success').length;
    const ended = once(child, 'exit');
    child.kill(signal);
    expect(await ended).toEqual([130, null]);
    expect(output.join('')).toBe('');
    const deleted = seen('refresh').filter(({ answer }) => answer === 'success').length;
    expect(granted).toBeGreaterThan(0);
    expect(deleted).toBeGreaterThanOrEqual(granted);
  });
}
