import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { FORMATS } from '../../src/commands/options.ts';
import { issueCredential } from '../../src/credentials/issue.ts';
import { type FakeIo, fakeIo } from '../support/fake-io.ts';
import { reportFaults } from '../support/report-readers.ts';
import { startTurnServer, type TurnServer, type TurnServerOptions } from '../support/turn-server.ts';

const SECRET = 'a secret of forty characters, or about that';
const TOKEN = 'token-of-the-session';

const servers: TurnServer[] = [];
const endpoints: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(server => server.stop()));
  for (const endpoint of endpoints.splice(0)) endpoint.close();
});

async function turnServer(options: TurnServerOptions = {}): Promise<TurnServer> {
  const server = await startTurnServer({ secret: SECRET, ...options });
  servers.push(server);
  return server;
}

async function endpoint(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  endpoints.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/turn`;
}

const run = async (args: string[], io: FakeIo = fakeIo({ secret: `${SECRET}\n`, other: 'of another' })) => {
  const exitCode = await main(['node', 'turnctl', 'probe', ...args], io);
  return { exitCode, ...io.printed };
};

const uriOf = ({ udp }: TurnServer): string => `turn:127.0.0.1:${udp.port}?transport=udp`;

/** An application that signs with the secret. */
const handOut =
  (uris: readonly string[], more: object = {}): RequestListener =>
  (request, response) => {
    const authorized = request.headers.authorization === `Bearer ${TOKEN}`;
    const { username, password } = issueCredential({
      secret: SECRET,
      now: Date.now(),
      ttlSeconds: 3600,
      name: 'alice',
    });
    response.writeHead(authorized ? 200 : 401, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    response.end(authorized ? JSON.stringify({ username, password, ttl: 3600, uris, ...more }) : '{}');
  };

describe('probe auth', () => {
  test('a sound server: what was tried, and how many refusals that took', async () => {
    const { exitCode, stdout } = await run(['auth', uriOf(await turnServer()), '--secret-file', 'secret']);
    expect(stdout).toMatch(/^OK {2}2 of 2 AUTH conversations went well/);
    expect(stdout).toContain('the secret of secret: accepted in');
    expect(stdout).toMatch(/wrong password +refused with 401/);
    expect(stdout).toContain('clock: as ours');
    expect(stdout).toMatch(/\d+ requests refused in all, which a rate limit or fail2ban may count/);
    expect(stdout).not.toContain(SECRET);
    expect(exitCode).toBe(0);
  });

  test('of two secrets one is taken, and that is well', async () => {
    const server = await turnServer();
    const secrets = ['--secret-file', 'other', '--secret-file', 'secret'];
    const { exitCode, stdout } = await run(['auth', uriOf(server), ...secrets]);
    expect(stdout).toMatch(/the secret of other: refused with 401/);
    expect(stdout).toMatch(/the secret of secret: accepted/);
    expect(exitCode).toBe(0);
  });

  test('a server that believes anybody is an error', async () => {
    const server = await turnServer({ faults: { believesAnybody: true } });
    const { exitCode, stdout } = await run(['auth', uriOf(server), '--secret-file', 'secret', '--json']);
    expect(reportFaults(stdout)).toEqual([]);
    const failed = JSON.parse(stdout).checks.filter(
      (check: { outcome: string }) => check.outcome === 'failed',
    );
    expect(failed).toMatchObject([{ id: 'auth/broken-authentication', severity: 'error' }]);
    expect(exitCode).toBe(1);
  });

  test('a clock of the server that is an hour ahead', async () => {
    const server = await turnServer({ clockAheadSeconds: 3600 });
    const { exitCode, stdout } = await run(['auth', uriOf(server), '--secret-file', 'secret', '--json']);
    const failed = JSON.parse(stdout).checks.filter(
      (check: { outcome: string }) => check.outcome === 'failed',
    );
    // The credential of five minutes is refused, and not because of the secret.
    expect(failed).toMatchObject([
      { id: 'credentials/clock-skew', severity: 'error' },
      { id: 'credentials/secret-mismatch', explainedBy: 'credentials/clock-skew' },
    ]);
    expect(exitCode).toBe(1);
  });

  test('no format shows a secret, a password or a key made of them', async () => {
    const server = await turnServer();
    const files = { secret: SECRET, password: 'kestrel-in-the-rain', token: TOKEN };
    const url = await endpoint(handOut([uriOf(server)]));
    const secrets = ['--secret-file', 'secret', '--user', 'alice', '--password-file', 'password'];
    for (const format of FORMATS) {
      const all = [uriOf(server), ...secrets, '--api', url, '--token-file', 'token', '--weak-secrets'];
      const { stdout, stderr } = await run(['auth', ...all, '--format', format], fakeIo(files));
      for (const file of Object.values(files)) expect(stdout + stderr).not.toContain(file);
      // The passwords made of the secret: base64 of 20 bytes.
      expect(stdout).not.toMatch(/[A-Za-z0-9+/]{27}=/);
    }
  });

  test('without a target and without --api it says what is missing', async () => {
    const { exitCode, stdout, stderr } = await run(['auth']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/TARGET is missing/);
  });
});

test('probe tls: what was served, and what is behind it', async () => {
  const { tls } = await turnServer();
  const { exitCode, stdout } = await run(['tls', `turns:127.0.0.1:${tls.port}`]);
  expect(stdout).toContain('a browser refuses it: it is self-signed: no authority vouches for it');
  expect(stdout).toContain('inside TLS: a TURN server answers');
  expect(stdout).toMatch(/DTLS: the UDP port is closed|DTLS: silent/);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(exitCode).toBe(1);
  const { stdout: json } = await run(['tls', `turns:127.0.0.1:${tls.port}`, '--json']);
  expect(reportFaults(json)).toEqual([]);
});

describe('probe --api', () => {
  const io = () => fakeIo({ token: TOKEN });
  const withToken = (url: string) => ['--api', url, '--token-file', 'token'];

  test('every URI that is handed out is probed, with what is handed out', async () => {
    const [first, second] = [await turnServer(), await turnServer()];
    const url = await endpoint(handOut([uriOf(first), uriOf(second), `stun:127.0.0.1:${first.udp.port}`]));
    const { exitCode, stdout } = await run(['turn', ...withToken(url), '--json'], io());
    expect(reportFaults(stdout)).toEqual([]);
    const { observations, checks, endpoint: fact, target } = JSON.parse(stdout);
    const allocated = observations.filter((o: { probe: string }) => o.probe === 'turn-allocate');
    expect(allocated.map((o: { uri: string; outcome: string }) => [o.uri, o.outcome])).toEqual([
      [uriOf(first), 'allocated'],
      [uriOf(second), 'allocated'],
    ]);
    expect(fact).toMatchObject({
      outcome: 'answered',
      http: { withoutToken: { status: 401, credential: false } },
    });
    expect(target.host).toBe('127.0.0.1');
    const failed = checks.filter((check: { outcome: string }) => check.outcome === 'failed');
    expect(failed).toMatchObject([{ id: 'ice/redundant-stun-url' }]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain(TOKEN);
  });

  test('the report for people shows how the endpoint answers', async () => {
    const url = await endpoint(handOut([uriOf(await turnServer())], { ttl: 86_400 }));
    const { stdout } = await run(['auth', ...withToken(url)], io());
    expect(stdout).toContain('{username, password, ttl, uris} (TURN REST, Matrix)');
    expect(stdout).toContain('content type application/json; Cache-Control no-store');
    expect(stdout).toContain('without the token: 401');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('a list without anything that fits is no success', async () => {
    const url = await endpoint(handOut(['stun:127.0.0.1:1']));
    const { exitCode, stdout } = await run(['tls', ...withToken(url)], io());
    expect(stdout).toMatch(/^UNKNOWN {2}Nothing was probed: the endpoint hands out no URI for probe tls/);
    expect(exitCode).toBe(3);
  });

  const down: [what: string, listener: RequestListener, says: RegExp][] = [
    ['refuses the token', (_, response) => response.writeHead(403).end(), /refuses the token with 403/],
    ['answers HTML', (_, response) => response.end('<html>'), /not a JSON object/],
  ];
  for (const [what, listener, says] of down) {
    test(`an endpoint that ${what} is judged though there is nothing to probe`, async () => {
      const { exitCode, stdout } = await run(['auth', ...withToken(await endpoint(listener))], io());
      expect(stdout).toMatch(says);
      expect(exitCode).toBe(1);
    });
  }
});
