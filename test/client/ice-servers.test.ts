import { describe, expect, test } from 'vitest';
import { iceServersOf } from '../../src/client/ice-servers.ts';

const cases: [what: string, uris: string[], kept: string[]][] = [
  [
    'one of each transport',
    ['turn:a?transport=udp', 'turn:a?transport=tcp', 'turns:a'],
    ['turn:a?transport=udp', 'turn:a?transport=tcp', 'turns:a'],
  ],
  [
    'one listener spelt in four ways',
    ['turn:a', 'turn:A:3478', 'turn:a?transport=udp', 'TURN:a:3478?transport=UDP'],
    ['turn:a'],
  ],
  ['turns: with and without its port', ['turns:a', 'turns:a:5349?transport=tcp'], ['turns:a']],
  ['stun: where turn: is', ['stun:a', 'turn:a'], ['turn:a']],
  ['stun: of another host', ['stun:b', 'turn:a'], ['turn:a', 'stun:b']],
  [
    'stun: where turn: is over TCP only',
    ['stun:a', 'turn:a?transport=tcp'],
    ['turn:a?transport=tcp', 'stun:a'],
  ],
  ['IPv6', ['turn:[2001:db8::1]', 'turn:[2001:db8::1]:3478'], ['turn:[2001:db8::1]']],
];
describe('the list for the browser', () => {
  for (const [what, uris, kept] of cases) {
    test(what, () => {
      const servers = iceServersOf({ username: 'u', password: 'p', ttl: 60, uris });
      expect(servers.flatMap(({ urls }) => urls)).toEqual(kept);
    });
  }

  test('credentials go to TURN servers alone', () => {
    expect(iceServersOf({ username: 'u', password: 'p', ttl: 60, uris: ['stun:b', 'turn:a'] })).toEqual([
      { urls: ['turn:a'], username: 'u', credential: 'p' },
      { urls: ['stun:b'] },
    ]);
  });
});
