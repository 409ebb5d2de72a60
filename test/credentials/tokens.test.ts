import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Authenticate, jwtTokens, staticTokens } from '../../src/credentials/tokens.ts';

describe('static tokens', () => {
  const authenticate = staticTokens([
    { name: 'a', token: 'first' },
    { name: 'b', token: 'second' },
  ]);

  test('each has its name', () => {
    expect(['first', 'second', 'third', '', 'firstsecond'].map(token => authenticate(token))).toEqual([
      { name: 'a' },
      { name: 'b' },
      null,
      null,
      null,
    ]);
  });

  test('an empty one is refused before it lets everybody in', () => {
    expect(() => staticTokens([{ name: 'a', token: '' }])).toThrow('needs a name and a value');
  });
});

describe('JWT', () => {
  const issuer = 'https://id.example.org';
  const audience = 'turn';
  let authenticate: Authenticate;
  let good: Awaited<ReturnType<typeof generateKeyPair>>;
  let other: typeof good;
  let publicKey: JWK;

  beforeAll(async () => {
    [good, other] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    publicKey = { ...(await exportJWK(good.publicKey)), kid: 'k1' };
    authenticate = await jwtTokens({ jwks: { keys: [publicKey] }, issuer, audience });
  });

  const claims = (change: Record<string, unknown> = {}) => ({
    sub: 'alice',
    iss: issuer,
    aud: audience,
    ...change,
  });
  const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
  const sign = (
    payload: Record<string, unknown>,
    { key = good.privateKey, exp = inAnHour() as number | null } = {},
  ) => {
    const jwt = new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k1' });
    return (exp === null ? jwt : jwt.setExpirationTime(exp)).sign(key);
  };

  test('a good one tells who asks', async () => {
    expect(await authenticate(await sign(claims()))).toEqual({ name: 'alice' });
  });

  test('what is wrong with it keeps it out', async () => {
    const tokens = {
      'the wrong key': await sign(claims(), { key: other.privateKey }),
      'alg none': new UnsecuredJWT(claims()).setExpirationTime('1h').encode(),
      'alg none, with the signature of a good one': `${btoa('{"alg":"none"}')}.${(await sign(claims())).split('.').slice(1).join('.')}`,
      // The public key as an HMAC key: what a verifier does that lets the token choose the algorithm.
      'HS256 with the public key': await new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(JSON.stringify(publicKey))),
      expired: await sign(claims(), { exp: inAnHour() - 7200 }),
      'no expiry': await sign(claims(), { exp: null }),
      'another issuer': await sign(claims({ iss: 'https://evil.example' })),
      'another audience': await sign(claims({ aud: 'mail' })),
      'no subject': await sign(claims({ sub: undefined })),
      'a subject that is no text': await sign(claims({ sub: 7 })),
      'not valid yet': await sign(claims({ nbf: inAnHour() })),
      'no JWT': 'sesame',
      'three dots': '..',
      'a JWT with a byte changed': (await sign(claims())).replace(
        /\.(.)/,
        (_, c) => `.${c === 'A' ? 'B' : 'A'}`,
      ),
    };
    for (const [what, token] of Object.entries(tokens))
      expect([what, await authenticate(token)]).toEqual([what, null]);
  });

  test('keys from where they are published; an outage is no refusal', async () => {
    let up = true;
    const server = createServer((_, response) => {
      response.writeHead(up ? 200 : 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: [publicKey] }));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const jwks = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
    try {
      const token = await sign(claims());
      expect(await (await jwtTokens({ jwks }))(token)).toEqual({ name: 'alice' });
      up = false;
      await expect((await jwtTokens({ jwks }))(token)).rejects.toThrow();
    } finally {
      server.close();
    }
  });
});
