import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Coturn, startCoturn } from '../support/coturn.ts';

const turnctl = resolve(import.meta.dirname, '../../bin/turnctl.js');

let coturn: Coturn | undefined;
afterEach(async () => {
  await coturn?.stop();
  coturn = undefined;
});

for (const [moment, pattern] of [
  ['while it allocates', /new, realm=/],
  ['while it relays', /CHANNEL_BIND processed, success/],
] as const) {
  test(`Ctrl-C in a load test, ${moment}: coturn has none of its allocations left`, async () => {
    const server = await startCoturn({ lines: ['lt-cred-mech', 'user=alice:wonderland', 'realm=load.test'] });
    coturn = server;
    const uri = `turn:127.0.0.1:${server.port}?transport=udp`;
    const flags = ['--user', 'alice', '--allocations', '150', '--duration', '60', '--packets', '5000000'];
    const child = spawn(process.execPath, [turnctl, 'probe', 'load', uri, ...flags], {
      env: { ...process.env, TURNCTL_PASSWORD: 'wonderland' },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const ended = once(child, 'exit');
    await server.logged(pattern);
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    const count = (what: RegExp) => server.log().match(what)?.length ?? 0;
    await expect
      .poll(() => count(/refreshed, [^\n]*lifetime=0/g), { timeout: 30_000 })
      .toBe(count(/new, realm=/g));
    expect(count(/new, realm=/g)).toBeGreaterThan(0);
  });
}
