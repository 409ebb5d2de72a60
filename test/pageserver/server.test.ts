import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpServer } from '../../src/credentials/http-server.ts';
import { type PageServerSettings, startPageServer } from '../../src/pageserver/server.ts';

let server: HttpServer;
let reports: object[];
let errors: unknown[];
let base: string;

const settings: Omit<PageServerSettings, 'onReport' | 'onError'> = {
  host: '127.0.0.1',
  port: 0,
  page: '<style nonce="%NONCE%"></style><script nonce="%NONCE%"></script>',
  token: 'unguessable',
  setup: port => ({ version: '1', target: 't', uris: [], link: `http://192.0.2.1:${port}/unguessable/` }),
  credentials: async () => {
    throw new Error('the secret file is empty');
  },
};

beforeEach(async () => {
  reports = [];
  errors = [];
  server = await startPageServer({
    ...settings,
    onReport: async report => void reports.push(report),
    onError: error => errors.push(error),
  });
  base = `http://127.0.0.1:${server.port}`;
});
afterEach(() => server.stop(0));

describe('the server of the page', () => {
  for (const path of ['/', '/credentials', '/wrong/', '/unguessable', '/unguessable/../setup', '//setup'])
    test(`says nothing to those who do not know the address: ${path}`, async () => {
      const response = await fetch(base + path);
      expect([response.status, await response.text()]).toEqual([404, '{"error":"not here"}']);
    });

  test('allows its own script and style, by a number used once', async () => {
    const [first, second] = [await fetch(`${base}/unguessable/`), await fetch(`${base}/unguessable/`)];
    const policy = first.headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
    expect((await first.text()).split(nonce)).toHaveLength(3);
    expect(policy).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    expect(second.headers.get('content-security-policy')).not.toContain(nonce);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('shows its address for others as a picture', async () => {
    const response = await fetch(`${base}/unguessable/qr.svg`);
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    expect(await response.text()).toMatch(/^<svg/);
  });

  test('says why there are no credentials', async () => {
    const response = await fetch(`${base}/unguessable/credentials`);
    expect([response.status, await response.json()]).toEqual([502, { error: 'the secret file is empty' }]);
    expect(errors).toHaveLength(1);
  });

  const bodies: [what: string, body: string, status: number][] = [
    ['a report', '{"a":1}', 200],
    ['no JSON', '{"a":', 400],
    ['no object', '[1]', 400],
    ['nothing', '', 400],
    ['more than a megabyte', `{"a":"${'x'.repeat(2 ** 20)}"}`, 413],
  ];
  for (const [what, body, status] of bodies)
    test(`${what} is answered with ${status}`, async () => {
      const response = await fetch(`${base}/unguessable/report`, { method: 'POST', body });
      expect([response.status, reports]).toEqual([status, status === 200 ? [{ a: 1 }] : []]);
      // And it still lives.
      expect((await fetch(`${base}/unguessable/setup`)).status).toBe(200);
    });

  test('brings two together, and stops while they are there', async () => {
    const enter = async (me: string) => {
      const stream = (await fetch(`${base}/unguessable/room?me=${me}`)).body?.pipeThrough(
        new TextDecoderStream(),
      );
      return stream?.getReader();
    };
    const [a, b] = [await enter('aaaaaaaa'), await enter('bbbbbbbb')];
    const say = (me: string, round: number) =>
      fetch(`${base}/unguessable/room?me=${me}`, {
        method: 'POST',
        body: JSON.stringify({ round, signal: 'hello' }),
      });
    expect([(await say('aaaaaaaa', 2)).status, (await say('cccccccc', 2)).status]).toEqual([200, 409]);
    let heard = '';
    while (!heard.includes('hello')) heard += (await b?.read())?.value;
    expect(heard).toContain('"calls":true');
    await server.stop(60_000);
    let last: { done: boolean } | undefined;
    do last = await a?.read();
    while (last && !last.done);
    expect(last?.done).toBe(true);
  });

  test('lets nobody in who does not say who it is', async () => {
    expect((await fetch(`${base}/unguessable/room?me=a%0a`)).status).toBe(400);
  });
});
