import { describe, expect, test } from 'vitest';
import type { Attribute } from '../../src/stun/attributes.ts';
import { longTermKey, userHash } from '../../src/stun/integrity.ts';
import type { StunMessage } from '../../src/stun/message.ts';
import { LongTermAuthentication, securityFeatures } from '../../src/turn/authentication.ts';

const credential = { username: 'alice', password: 'wonderland' };
const realm = 'example.org';
const md5 = { algorithm: 1, parameters: new Uint8Array(0) };
const sha256 = { algorithm: 2, parameters: new Uint8Array(0) };
const unknown = { algorithm: 77, parameters: new Uint8Array(0) };

// 24 bits in base64: the first is password algorithms, the second user name anonymity.
const nonces = {
  plain: 'abc',
  algorithms: 'obMatJos2gAAAxyz',
  anonymity: 'obMatJos2QAAAxyz',
  both: 'obMatJos2wAAAxyz',
};

const challenge = (nonce: string, ...more: Attribute[]): StunMessage => ({
  class: 'error',
  method: 'allocate',
  transactionId: new Uint8Array(12),
  attributes: [
    { name: 'ERROR-CODE', value: { code: 401, reason: '' } },
    { name: 'REALM', value: realm },
    { name: 'NONCE', value: nonce },
    ...more,
  ],
});

const first = { authorized: false, met: [] };

describe('security features of a nonce', () => {
  const cases = [
    [nonces.plain, false, false],
    [nonces.algorithms, true, false],
    [nonces.anonymity, false, true],
    [nonces.both, true, true],
    ['obMatJos2', false, false],
    ['obMatJos2!!!!', false, false],
  ] as const;
  test.each(cases)('%s', (nonce, passwordAlgorithms, usernameAnonymity) => {
    expect(securityFeatures(nonce)).toEqual({ passwordAlgorithms, usernameAnonymity });
  });
});

describe('answering a challenge', () => {
  test('of RFC 5389: USERNAME, MD5 key, SHA-1', () => {
    const authentication = new LongTermAuthentication(credential);
    expect(authentication.authorize()).toEqual({ attributes: [] });
    expect(authentication.onError(challenge(nonces.plain), first)).toEqual({
      kind: 'retry',
      because: 'challenged',
    });
    expect(authentication.authorize()).toEqual({
      attributes: [
        { name: 'USERNAME', value: 'alice' },
        { name: 'REALM', value: realm },
        { name: 'NONCE', value: nonces.plain },
      ],
      integrity: { key: longTermKey({ ...credential, realm }, 'md5'), algorithm: 'sha1' },
    });
  });

  test('of RFC 8489: USERHASH, the first known algorithm, SHA-256, the list sent back', () => {
    const authentication = new LongTermAuthentication(credential);
    const value = [unknown, sha256, md5];
    authentication.onError(challenge(nonces.both, { name: 'PASSWORD-ALGORITHMS', value }), first);
    expect(authentication.authorize()).toEqual({
      attributes: [
        { name: 'USERHASH', value: userHash('alice', realm) },
        { name: 'REALM', value: realm },
        { name: 'NONCE', value: nonces.both },
        { name: 'PASSWORD-ALGORITHMS', value },
        { name: 'PASSWORD-ALGORITHM', value: sha256 },
      ],
      integrity: { key: longTermKey({ ...credential, realm }, 'sha256'), algorithm: 'sha256' },
    });
  });

  test('a list that the nonce does not announce is left alone', () => {
    const authentication = new LongTermAuthentication(credential);
    authentication.onError(challenge(nonces.plain, { name: 'PASSWORD-ALGORITHMS', value: [sha256] }), first);
    expect(authentication.authorize().integrity?.algorithm).toBe('sha1');
  });
});

describe('giving up, and why', () => {
  const cases: readonly (readonly [string, StunMessage, RegExp])[] = [
    ['bid-down', challenge(nonces.algorithms), /bid-down/],
    [
      'unknown algorithms',
      challenge(nonces.algorithms, { name: 'PASSWORD-ALGORITHMS', value: [unknown] }),
      /no password algorithm that is known here \(77\)/,
    ],
    [
      'no realm',
      { ...challenge('n'), attributes: challenge('n').attributes.filter(a => a.name !== 'REALM') },
      /no REALM/,
    ],
    [
      'no nonce',
      { ...challenge('n'), attributes: challenge('n').attributes.filter(a => a.name !== 'NONCE') },
      /no NONCE/,
    ],
  ];
  test.each(cases)('%s', (_name, response, why) => {
    const reaction = new LongTermAuthentication(credential).onError(response, first);
    expect(reaction).toEqual({ kind: 'final', why: expect.stringMatching(why) });
  });

  test('the same credentials never go to the same realm twice', () => {
    const authentication = new LongTermAuthentication(credential);
    authentication.onError(challenge('n1'), first);
    const again = authentication.onError(challenge('n2'), { authorized: true, met: [401] });
    expect(again).toEqual({ kind: 'final', why: 'the server does not accept the credentials' });
  });

  test('a realm that changes on the way', () => {
    const authentication = new LongTermAuthentication(credential);
    authentication.onError(challenge('n1'), first);
    const other = { ...challenge('n2'), attributes: [...challenge('n2').attributes] };
    other.attributes[1] = { name: 'REALM', value: 'other.example' };
    const reaction = authentication.onError(other, { authorized: true, met: [401] });
    expect(reaction).toEqual({
      kind: 'final',
      why: 'the realm changed from "example.org" to "other.example"',
    });
  });

  test('another error is the answer', () => {
    const error: Attribute = { name: 'ERROR-CODE', value: { code: 486, reason: '' } };
    const response = { ...challenge('n'), attributes: [error] };
    expect(new LongTermAuthentication(credential).onError(response, first)).toEqual({ kind: 'final' });
  });
});
