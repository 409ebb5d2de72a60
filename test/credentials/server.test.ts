import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { credentialEndpoint, type EndpointOptions } from '../../src/credentials/endpoint.ts';
import {
  type CredentialServer,
  type ServerSettings,
  startCredentialServer,
} from '../../src/credentials/server.ts';
import { jwtTokens, staticTokens } from '../../src/credentials/tokens.ts';
import { verifyCredential } from '../../src/credentials/verify.ts';

const path = '/webrtc/turn-credentials';
const unlimited = { perMinute: 1e9, burst: 1e9 };
const options: EndpointOptions = {
  secrets: ['north'],
  uris: ['turn:turn.example.org:3478?transport=udp'],
  authenticate: staticTokens([{ name: 'web', token: 'sesame' }]),
  perIdentity: unlimited,
  perAddress: unlimited,
};

let server: CredentialServer | undefined;
afterEach(async () => {
  await server?.stop(0);
  server = undefined;
});

async function serve(more: Partial<ServerSettings> = {}, change: Partial<EndpointOptions> = {}) {
  const answer = credentialEndpoint({ ...options, ...change });
  server = await startCredentialServer({ answer, host: '127.0.0.1', port: 0, ...more });
  return server;
}

function get(
  { port }: CredentialServer,
  { token = 'sesame', agent, to = path }: { token?: string; agent?: Agent; to?: string } = {},
): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
    request({ port, host: '127.0.0.1', path: to, headers, agent: agent ?? false }, response => {
      let body = '';
      response.on('data', chunk => (body += chunk));
      response.on('end', () => done({ status: response.statusCode ?? 0, body }));
    })
      .on('error', fail)
      .end();
  });
}

/** Sends bytes as they are, and returns all that comes until the server closes. */
async function raw({ port }: CredentialServer, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', chunk => (answer += chunk)).on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test('10,000 requests in parallel with good, expired and forged tokens: no wrong answer', {
  timeout: 120_000,
}, async () => {
  const [good, other] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const exp = Math.floor(Date.now() / 1000);
  const sign = (key: typeof good.privateKey, at: number) =>
    new SignJWT({ sub: 'alice' }).setProtectedHeader({ alg: 'ES256' }).setExpirationTime(at).sign(key);
  const tokens = [
    { token: await sign(good.privateKey, exp + 3600), status: 200 },
    { token: await sign(good.privateKey, exp - 3600), status: 401 },
    { token: await sign(other.privateKey, exp + 3600), status: 401 },
    { token: new UnsecuredJWT({ sub: 'alice' }).setExpirationTime(exp + 3600).encode(), status: 401 },
    { token: 'sesame', status: 401 },
    { token: '', status: 401 },
  ];
  const authenticate = await jwtTokens({ jwks: { keys: [await exportJWK(good.publicKey)] } });
  const running = await serve({}, { authenticate });
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const answers = await Promise.all(
    Array.from({ length: 10_000 }, async (_, i) => {
      const { token, status } = tokens[i % tokens.length]!;
      return { ...(await get(running, { token, agent })), expected: status };
    }),
  );
  agent.destroy();
  const wrong = answers.filter(({ status, expected, body }) => status !== expected || !isRight(status, body));
  expect(wrong).toEqual([]);
});

function isRight(status: number, body: string): boolean {
  const answer = JSON.parse(body);
  if (status !== 200) return Object.keys(answer).join() === 'error';
  const { username, password } = answer;
  return verifyCredential({ username, password, secrets: ['north'], now: Date.now() }).accepted;
}

describe('what is not a request of a client', () => {
  const cases: [what: string, text: string, answer: RegExp][] = [
    ['a header that does not end', `GET ${path} HTTP/1.1\r\nx: ${'a'.repeat(70_000)}`, /^HTTP\/1.1 431 /],
    ['bytes that are no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', /^HTTP\/1.1 400 /],
    [
      'a body',
      `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sesame\r\nContent-Length: 1000000\r\n\r\n{"a":`,
      /^HTTP\/1.1 413 [\s\S]*no request here has a body/,
    ],
    [
      'a chunked body that never ends',
      `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n`,
      /^HTTP\/1.1 413 /,
    ],
    [
      'two lengths',
      `GET ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na`,
      /^HTTP\/1.1 400 /,
    ],
  ];
  for (const [what, text, answer] of cases) {
    test(`${what}: refused, closed, and the next one is served`, async () => {
      const running = await serve();
      expect(await raw(running, text)).toMatch(answer);
      expect((await get(running)).status).toBe(200);
    });
  }

  test('a thousand clients that say nothing keep nobody out', async () => {
    const running = await serve();
    const idle = Array.from({ length: 1000 }, () => connect(running.port, '127.0.0.1'));
    await Promise.all(idle.map(socket => once(socket, 'connect')));
    for (const socket of idle) socket.write('GET / HTTP/1.1\r\nHost:');
    expect((await get(running)).status).toBe(200);
    for (const socket of idle) socket.destroy();
  });
});

test('health, and readiness until it stops', async () => {
  const running = await serve();
  expect((await get(running, { to: '/healthz' })).status).toBe(200);
  expect((await get(running, { to: '/readyz' })).body).toBe('{"status":"ok"}');
});

test('stops after what is under way is answered', async () => {
  let release = () => {};
  const held = new Promise<void>(done => {
    release = done;
  });
  const running = await serve({}, { authenticate: () => held.then(() => ({ name: 'slow' })) });
  const agent = new Agent({ keepAlive: true });
  const asked = get(running, { agent });
  await get(running, { to: '/healthz' });
  const stopped = running.stop();
  server = undefined;
  release();
  expect((await asked).status).toBe(200);
  await stopped;
  await expect(get(running)).rejects.toThrow('ECONNREFUSED');
  agent.destroy();
});

test('the access log has who and what, and no token, credential or query', async () => {
  const lines: string[] = [];
  const running = await serve({ onAccess: access => lines.push(JSON.stringify(access)) });
  const { body } = await get(running, { to: `${path}?token=hidden` });
  await get(running, { token: 'wrong' });
  expect(lines.map(line => JSON.parse(line))).toMatchObject([
    { status: 200, identity: 'web', path, method: 'GET', address: '127.0.0.1' },
    { status: 401, path },
  ]);
  const { password } = JSON.parse(body);
  for (const secret of ['sesame', 'wrong', 'hidden', 'north', password])
    expect(lines.join()).not.toContain(secret);
});

test('keys that cannot be fetched are an outage, and are told to the operator', async () => {
  const errors: unknown[] = [];
  const authenticate = () => Promise.reject(new Error('no key set'));
  const running = await serve({ onError: error => errors.push(error) }, { authenticate });
  expect((await get(running)).status).toBe(503);
  expect(errors.map(String)).toEqual(['Error: no key set']);
});
