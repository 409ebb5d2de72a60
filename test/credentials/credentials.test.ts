import { describe, expect, test } from 'vitest';
import { issueCredential, passwordFor } from '../../src/credentials/issue.ts';
import {
  expiryCoturnReads,
  passwordForm,
  readExpiry,
  verifyCredential,
} from '../../src/credentials/verify.ts';

const now = Date.UTC(2026, 0, 31, 12);
const seconds = now / 1000;

describe('issueCredential', () => {
  // Computed with: printf %s 1769864400:alice | openssl dgst -sha1 -hmac north -binary | base64
  test('signs expiry:name with HMAC-SHA1 in padded base64', () => {
    expect(issueCredential({ secret: 'north', now, ttlSeconds: 3600, name: 'alice' })).toEqual({
      username: '1769864400:alice',
      password: '7m/c2N39enlTnTF7TuGvmstqbYA=',
      expiresAt: 1_769_864_400,
    });
  });

  test('needs no name', () => {
    expect(issueCredential({ secret: 's', now, ttlSeconds: 60 }).username).toBe(String(seconds + 60));
  });
});

describe('the time coturn reads in a user name', () => {
  const cases: [username: string, read: number][] = [
    ['1769864400', 1769864400],
    ['1769864400:alice', 1769864400],
    ['alice:1769864400', 1769864400],
    [':1769864400', 1769864400],
    ['42:1769864400', 42],
    ['alice', 0],
    ['alice:', 0],
    ['a:b:1769864400', 0],
    ['12x:1769864400', 1769864400],
  ];
  for (const [username, read] of cases) {
    test(username, () => expect(expiryCoturnReads(username)).toBe(read));
  }
});

describe('readExpiry', () => {
  const cases: [username: string, expiry: object][] = [
    [`${seconds + 60}:a`, { kind: 'expires', at: seconds + 60, expired: false, milliseconds: false }],
    [`${seconds - 1}:a`, { kind: 'expires', at: seconds - 1, expired: true, milliseconds: false }],
    [`${now}:a`, { kind: 'expires', at: now, expired: false, milliseconds: true }],
    [`17:${seconds}`, { kind: 'wrong-order', at: seconds, read: 17 }],
    ['alice', { kind: 'missing' }],
  ];
  for (const [username, expiry] of cases) {
    test(username, () => expect(readExpiry(username, now)).toEqual(expiry));
  }
});

describe('verifyCredential', () => {
  const secrets = ['old', 'new'];
  const username = `${seconds + 60}:alice`;
  const password = passwordFor('new', username);
  const hex = Buffer.from(password, 'base64').toString('hex');
  const cases: [what: string, password: string, form: string, secret: number | null, accepted: boolean][] = [
    ['says which secret made it', password, 'base64-sha1', 1, true],
    ['knows the hex form, which coturn refuses', hex, 'hex-sha1', 1, false],
    [
      'knows the unpadded form, which coturn refuses',
      password.slice(0, -1),
      'unpadded-base64-sha1',
      1,
      false,
    ],
    ['refuses the password of another secret', passwordFor('else', username), 'base64-sha1', null, false],
    ['refuses anything else', 'hunter2', 'other', null, false],
  ];
  for (const [what, given, form, secret, accepted] of cases) {
    test(what, () => {
      expect(passwordForm(given)).toBe(form);
      expect(verifyCredential({ username, password: given, secrets, now })).toMatchObject({
        form,
        secret,
        accepted,
      });
    });
  }

  test('refuses the right password after its time', () => {
    const late = verifyCredential({ username, password, secrets, now: now + 61_000 });
    expect(late).toMatchObject({ secret: 1, accepted: false, expiry: { expired: true } });
  });
});
