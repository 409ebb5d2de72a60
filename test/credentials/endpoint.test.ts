import { describe, expect, test } from 'vitest';
import {
  credentialEndpoint,
  type EndpointOptions,
  type EndpointRequest,
} from '../../src/credentials/endpoint.ts';
import { credentialHandler } from '../../src/credentials/fetch-handler.ts';
import { passwordFor } from '../../src/credentials/issue.ts';
import { staticTokens } from '../../src/credentials/tokens.ts';

const now = Date.UTC(2026, 0, 31, 12);
const options: EndpointOptions = {
  secrets: ['new', 'old'],
  uris: ['turn:turn.example.org:3478?transport=udp'],
  authenticate: staticTokens([{ name: 'web app', token: 'sesame' }]),
};

async function ask(change: Partial<EndpointRequest> = {}, more: Partial<EndpointOptions> = {}) {
  const request: EndpointRequest = {
    method: 'GET',
    path: '/webrtc/turn-credentials',
    authorization: 'Bearer sesame',
    origin: undefined,
    address: '198.51.100.1',
    now,
    ...change,
  };
  return credentialEndpoint({ ...options, ...more })(request);
}

test('a good token gets a credential of the first secret, and no cache may keep it', async () => {
  const { status, headers, body, identity } = await ask();
  const username = '1769864400:web_app';
  expect(JSON.parse(body)).toEqual({
    username,
    password: passwordFor('new', username),
    ttl: 3600,
    uris: options.uris,
  });
  expect({ status, identity, cache: headers['cache-control'], type: headers['content-type'] }).toEqual({
    status: 200,
    identity: 'web app',
    cache: 'no-store',
    type: 'application/json',
  });
});

const refusals: [what: string, change: Partial<EndpointRequest>, status: number][] = [
  ['no token', { authorization: undefined }, 401],
  ['another token', { authorization: 'Bearer sesame2' }, 401],
  ['a part of the token', { authorization: 'Bearer sesam' }, 401],
  ['another scheme', { authorization: 'Basic sesame' }, 401],
  ['two tokens', { authorization: 'Bearer sesame sesame' }, 401],
  ['a token with a line end', { authorization: 'Bearer sesame\n' }, 401],
  ['another path', { path: '/webrtc/turn-credentials/' }, 404],
  ['another method', { method: 'POST' }, 405],
  ['a page of another origin', { origin: 'https://evil.example' }, 403],
];
describe('what gets no credential', () => {
  for (const [what, change, status] of refusals) {
    test(what, async () => {
      const answer = await ask(change);
      expect(answer.status).toBe(status);
      expect(Object.keys(JSON.parse(answer.body))).toEqual(['error']);
      expect(answer.body).not.toContain('sesame');
    });
  }
});

test('the scheme may be written in any case (RFC 9110 §11.1)', async () => {
  expect((await ask({ authorization: 'bearer sesame' })).status).toBe(200);
});

test('HEAD tells the status without a credential', async () => {
  expect(await ask({ method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
});

describe('CORS', () => {
  const allowedOrigins = ['https://app.example.org'];
  const origin = 'https://app.example.org';

  test('a page on the list may read the answer, and a refusal too', async () => {
    for (const authorization of ['Bearer sesame', 'Bearer wrong']) {
      const { headers } = await ask({ origin, authorization }, { allowedOrigins });
      expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'origin' });
    }
  });

  test('the browser asks before, without a token', async () => {
    const { status, headers } = await ask(
      { method: 'OPTIONS', authorization: undefined, origin },
      { allowedOrigins },
    );
    expect({ status, headers }).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-headers': 'authorization',
      },
    });
  });

  test('an origin that only looks alike may not', async () => {
    for (const near of ['https://app.example.org.evil.example', 'http://app.example.org', 'null']) {
      const { status, headers } = await ask({ origin: near }, { allowedOrigins });
      expect({ status, allowed: headers['access-control-allow-origin'] }).toEqual({
        status: 403,
        allowed: undefined,
      });
    }
  });

  test('* lets everybody ask', async () => {
    const { headers } = await ask({ origin: 'https://any.example' }, { allowedOrigins: ['*'] });
    expect(headers['access-control-allow-origin']).toBe('*');
  });
});

describe('rates', () => {
  const authenticate = staticTokens([
    { name: 'a', token: 'aa' },
    { name: 'b', token: 'bb' },
  ]);
  const base = { method: 'GET', path: '/webrtc/turn-credentials', origin: undefined, now };

  test('one identity does not use up what is another’s', async () => {
    const answer = credentialEndpoint({ ...options, authenticate, perIdentity: { perMinute: 6, burst: 1 } });
    const from = async (authorization: string) =>
      (await answer({ ...base, authorization, address: '198.51.100.1' })).status;
    expect([await from('Bearer aa'), await from('Bearer aa'), await from('Bearer bb')]).toEqual([
      200, 429, 200,
    ]);
  });

  test('guesses count against their address', async () => {
    const answer = credentialEndpoint({ ...options, perAddress: { perMinute: 6, burst: 2 } });
    const guess = (address: string) => answer({ ...base, authorization: 'Bearer wrong', address });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await guess('198.51.100.1')).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await guess('198.51.100.1')).headers['retry-after']).toBe('10');
    expect((await guess('198.51.100.2')).status).toBe(401);
  });
});

test('as a handler of the Fetch API', async () => {
  const handler = credentialHandler(options);
  const url = 'https://app.example.org/webrtc/turn-credentials?x=1';
  const good = await handler(new Request(url, { headers: { authorization: 'Bearer sesame' } }));
  expect([good.status, Object.keys(JSON.parse(await good.text()))]).toEqual([
    200,
    ['username', 'password', 'ttl', 'uris'],
  ]);
  expect((await handler(new Request(url))).status).toBe(401);
  expect((await handler(new Request('https://app.example.org/'))).status).toBe(404);
  expect((await handler(new Request(url, { method: 'OPTIONS' }))).body).toBeNull();
});
