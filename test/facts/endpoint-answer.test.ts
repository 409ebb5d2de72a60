import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../src/facts/endpoint-answer.ts';

const turn = 'turn:turn.test:3478?transport=udp';
const entry = { urls: [turn], username: '1769864400:alice', credential: 'cGFzc3dvcmQ=' };

describe('a list of servers', () => {
  const dialects: [who: string, body: object][] = [
    ['an RTCConfiguration', { iceServers: [{ urls: 'stun:stun.test' }, entry] }],
    ['Cloudflare, whose list is one server', { iceServers: entry }],
    ['a bare list', [{ urls: 'stun:stun.test' }, entry]],
    [
      'Twilio, which repeats the credential outside the list',
      {
        username: 'other',
        password: 'other',
        ttl: '86400',
        ice_servers: [{ url: turn, ...entry }],
      },
    ],
    ['the old name of urls', { iceServers: [{ ...entry, urls: undefined, url: turn }] }],
  ];
  for (const [who, body] of dialects) {
    test(who, () => {
      const { shape, credential, uris } = readAnswer(JSON.stringify(body));
      expect(shape).toMatchObject({
        dialect: 'ice-servers',
        username: entry.username,
        hasPassword: true,
        problems: [],
      });
      expect(credential).toEqual({ username: entry.username, password: entry.credential });
      expect(uris.filter(({ scheme }) => scheme === 'turn')).toMatchObject([
        { host: 'turn.test', port: 3478 },
      ]);
      expect(JSON.stringify(shape)).not.toContain(entry.credential);
    });
  }

  test('a turn: entry without a credential is told, a stun: entry needs none', () => {
    const body = { iceServers: [entry, { urls: ['turn:bare.test', 'stun:bare.test'] }] };
    expect(readAnswer(JSON.stringify(body)).shape.problems).toEqual(['no credential beside turn:bare.test']);
  });

  test('no entry at all is no list', () => {
    expect(readAnswer('{"iceServers":[]}').shape.problems).toContain('no uris');
    expect(readAnswer('[1, "turn:a"]').shape.problems).toEqual(['not a JSON object']);
  });
});
