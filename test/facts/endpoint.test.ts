import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { readEndpoint, withoutSecrets } from '../../src/facts/endpoint.ts';
import { readAnswer } from '../../src/facts/endpoint-answer.ts';
import { systemClock } from '../../src/net/node.ts';
import { issue } from '../support/certificates.ts';
import { freePorts } from '../support/coturn.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/turn`;
}

const ask = (url: string, more: { token?: string; timeoutMs?: number; signal?: AbortSignal } = {}) =>
  readEndpoint({ url, timeoutMs: 2000, signal: new AbortController().signal, clock: systemClock, ...more });

const sound = {
  username: '1769864400:alice',
  password: 'cGFzc3dvcmQ=',
  ttl: 3600,
  uris: ['turn:turn.test:3478?transport=udp', 'turns:turn.test'],
};

describe('readEndpoint', () => {
  test('asks with the token, and keeps the password out of the fact', async () => {
    const authorizations: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      authorizations.push(request.headers.authorization);
      response.end(JSON.stringify(sound));
    });
    const { fact, credential, uris } = await ask(url, { token: 't0ken' });
    expect(authorizations.sort()).toEqual(['Bearer t0ken', undefined]);
    expect(fact).toEqual({
      known: true,
      value: {
        outcome: 'answered',
        url,
        status: 200,
        ms: expect.any(Number),
        uris: sound.uris,
        username: sound.username,
        hasPassword: true,
        ttlSeconds: 3600,
        problems: [],
        dialect: 'turn-rest',
        http: expect.objectContaining({ withoutToken: { status: 200, credential: true } }),
      },
    });
    expect(JSON.stringify(fact)).not.toContain(sound.password);
    expect(credential).toEqual({ username: sound.username, password: sound.password });
    expect(uris).toMatchObject([
      { scheme: 'turn', port: 3478, transport: 'udp' },
      { scheme: 'turns', port: 5349, transport: 'tls' },
    ]);
  });

  test('headers: what is cached, whose pages may read it, and the time there', async () => {
    const headers = {
      'content-type': 'application/json',
      'cache-control': 'public, max-age=60',
      age: '7',
      date: new Date(Date.now() - 90_000).toUTCString(),
      'access-control-allow-origin': '*',
    };
    const url = await serve((_, response) => response.writeHead(200, headers).end(JSON.stringify(sound)));
    const { fact } = await ask(url);
    if (!fact.known || fact.value.outcome !== 'answered') throw new Error(JSON.stringify(fact));
    expect(fact.value.http).toMatchObject({
      contentType: 'application/json',
      cacheControl: 'public, max-age=60',
      fromCache: true,
      allowOrigin: '*',
      withoutToken: null,
    });
    expect(Math.abs((fact.value.http?.aheadSeconds ?? 0) + 90)).toBeLessThanOrEqual(2);
  });

  const untrusted: [what: string, names: string[], reason: RegExp][] = [
    ['self-signed', ['IP:127.0.0.1'], /^its certificate is self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/],
    ['for another name and self-signed', ['DNS:other.test'], /^its certificate is self-signed/],
  ];
  for (const [what, names, reason] of untrusted) {
    test(`a certificate that is ${what}`, async () => {
      const { certificate: cert, key } = issue({ subject: 'x', names });
      const server = createHttpsServer({ cert, key }, (_, response) => response.end('{}'));
      closers.push(() => server.close());
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { fact } = await ask(`https://127.0.0.1:${(server.address() as AddressInfo).port}/turn`);
      expect(fact).toMatchObject({ value: { outcome: 'failed', error: expect.stringMatching(reason) } });
    });
  }

  const failures: [what: string, listener: RequestListener, status: number | null, error: string][] = [
    [
      'a refused token',
      (_, response) => response.writeHead(401).end(),
      401,
      'HTTP 401: the endpoint refuses the token',
    ],
    ['a crashed application', (_, response) => response.writeHead(502).end('<html>'), 502, 'HTTP 502'],
    ['a connection that is cut', request => request.socket.destroy(), null, 'other side closed'],
  ];
  for (const [what, listener, status, error] of failures) {
    test(what, async () => {
      const { fact } = await ask(await serve(listener));
      expect(fact).toMatchObject({ value: { outcome: 'failed', status, error } });
    });
  }

  test('an answer without an end is not read to it', async () => {
    let sentBytes = 0;
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(64 << 10, 'x');
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    const { fact } = await ask(url, { timeoutMs: 20_000 });
    expect(fact).toMatchObject({ value: { outcome: 'failed', error: 'the answer is longer than 1 MiB' } });
    expect(sentBytes).toBeLessThan(64 << 20);
  });

  test('silence, a closed port, an abort and no URL at all', async () => {
    const silent = await serve(() => {});
    const errorOf = async (asked: ReturnType<typeof ask>) => {
      const { fact } = await asked;
      return fact.known && fact.value.outcome === 'failed' ? fact.value.error : undefined;
    };
    expect(await errorOf(ask(silent, { timeoutMs: 50 }))).toBe('no answer in 50 ms');
    expect(await errorOf(ask(silent, { signal: AbortSignal.abort() }))).toBe('interrupted');
    expect(await errorOf(ask(`http://127.0.0.1:${await freePorts(1)}/`))).toContain('ECONNREFUSED');
    expect(await errorOf(ask('not a url'))).toBeDefined();
  });
});

describe('readAnswer', () => {
  const cases: [what: string, body: string, problems: string[]][] = [
    [
      'the shape of browsers',
      JSON.stringify({ urls: 'turn:a', username: 'u', credential: 'p', ttl: '60' }),
      [],
    ],
    ['an empty object', '{}', ['no username', 'no password', 'no ttl in seconds', 'no uris']],
    ['a list', '[]', ['not a JSON object']],
    ['HTML', '<!DOCTYPE html>', ['not a JSON object']],
    ['nothing', '', ['not a JSON object']],
    ['empty values', JSON.stringify({ ...sound, password: '', uris: [] }), ['no password', 'no uris']],
    [
      'another type',
      JSON.stringify({ ...sound, username: 7, ttl: true }),
      ['no username', 'no ttl in seconds'],
    ],
  ];
  for (const [what, body, problems] of cases) {
    test(what, () => expect(readAnswer(body).shape.problems).toEqual(problems));
  }

  test('URIs that cannot be read stay in the fact and are not probed', () => {
    const { shape, uris } = readAnswer(
      JSON.stringify({ ...sound, uris: ['turn://x', 'turn.test', 'stun:a', 7] }),
    );
    expect(shape.uris).toEqual(['turn://x', 'turn.test', 'stun:a']);
    expect(uris).toMatchObject([{ scheme: 'stun', host: 'a' }]);
  });
});

describe('withoutSecrets', () => {
  const cases: [url: string, shown: string][] = [
    ['https://user:pass@app.test/turn?token=abc', 'https://app.test/turn?…'],
    ['https://app.test:8443/turn', 'https://app.test:8443/turn'],
    ['nonsense?token=abc', 'nonsense?…'],
  ];
  for (const [url, shown] of cases) test(url, () => expect(withoutSecrets(url)).toBe(shown));
});
