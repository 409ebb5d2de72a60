import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { issueCredential } from '../../src/credentials/issue.ts';
import type { DemoMessage } from '../../src/demo/protocol.ts';
import { givenCredential } from '../../src/probes/credential.ts';
import { newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';

const secret = 'a-secret-of-this-test';
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function coturn(version: 'installed' | 'newer') {
  const server = await startCoturn({
    version,
    lines: ['use-auth-secret', `static-auth-secret=${secret}`, 'realm=example.org'],
  });
  stops.push(() => server.stop());
  return server;
}

/** As built: it is a process of its own. */
const embeddedServer = new URL('../../dist/demo-server.js', import.meta.url).pathname;

async function embedded() {
  const child = fork(embeddedServer, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  stops.push(() => child.kill('SIGKILL'));
  child.send({ realm: 'example.org', secret, noStun: false });
  const [message] = (await once(child, 'message')) as [DemoMessage];
  if ('error' in message) throw new Error(message.error);
  return { ip: '127.0.0.1', port: message.port };
}

/** How the server answers an Allocate with a credential that lives for that long. */
async function allocate(server: { ip: string; port: number }, ttlSeconds: number): Promise<string> {
  const issued = issueCredential({ secret, now: Date.now(), ttlSeconds, name: 'alice' });
  const seen = await probe(server, {
    steps: ['turn-allocate'],
    credential: givenCredential(issued, 'time-limited'),
  });
  const observation = seen.one('turn-allocate');
  return observation.outcome === 'error-response' ? String(observation.code) : observation.outcome;
}

const servers = [
  { name: 'coturn as installed', start: () => coturn('installed'), there: true },
  { name: 'a newer coturn', start: () => coturn('newer'), there: newerCoturn !== undefined },
  { name: 'the embedded server', start: embedded, there: existsSync(embeddedServer) },
];

describe.each(servers)('$name', ({ start, there }) => {
  test.skipIf(!there)('takes what is issued, and one second after its expiry no more', async () => {
    const server = await start();
    expect(await allocate(server, 60)).toBe('allocated');
    expect(await allocate(server, -1)).toBe('401');
  });
});
