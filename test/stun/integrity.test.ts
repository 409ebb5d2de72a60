import { describe, expect, test } from 'vitest';
import { attribute } from '../../src/stun/attributes.ts';
import { longTermKey, opaqueString, shortTermKey, verifyIntegrity } from '../../src/stun/integrity.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';

const message: StunMessage = {
  class: 'success',
  method: 'refresh',
  transactionId: new Uint8Array(12),
  attributes: [{ name: 'LIFETIME', value: 600 }],
};
const key = shortTermKey('secret');

describe('verifying what was signed', () => {
  const cases = [
    { algorithm: 'sha1' },
    { algorithm: 'sha256' },
    { algorithm: 'sha256', size: 16 },
    { algorithm: 'sha256', size: 28 },
  ] as const;
  test.each(cases)('%j, with and without FINGERPRINT', integrity => {
    for (const fingerprint of [true, false]) {
      const bytes = encode(message, { integrity: { key, ...integrity }, fingerprint });
      expect(decode(bytes)).toHaveProperty('message');
      expect(verifyIntegrity(bytes, key)).toBe('verified');
      expect(verifyIntegrity(bytes, shortTermKey('other'))).toBe('wrong');
    }
  });

  test('nothing signed', () => {
    expect(verifyIntegrity(encode(message), key)).toBe('missing');
  });

  test('damaged on request, with a fingerprint that fits the damage', () => {
    const options = { integrity: { key, algorithm: 'sha1' }, fingerprint: true } as const;
    const bytes = encode(message, { ...options, defect: { kind: 'wrong-integrity' } });
    expect(decode(bytes)).toHaveProperty('message');
    expect(verifyIntegrity(bytes, key)).toBe('wrong');
  });

  test('a code of a length that RFC 8489 §14.6 forbids is malformed', () => {
    const bytes = encode({ ...message, attributes: [{ name: 0x001c, value: new Uint8Array(18) }] });
    const malformed = 'attribute MESSAGE-INTEGRITY-SHA256 has 18 bytes instead of 16 to 32 in steps of 4';
    expect(decode(bytes)).toEqual({ malformed });
  });

  test('the stronger of two codes decides', () => {
    const signed = decode(encode(message, { integrity: { key, algorithm: 'sha1' } }));
    const sha1 = 'message' in signed ? attribute(signed.message, 'MESSAGE-INTEGRITY') : undefined;
    const both: StunMessage = {
      ...message,
      attributes: [
        ...message.attributes,
        { name: 'MESSAGE-INTEGRITY', value: sha1 ?? new Uint8Array(20) },
        { name: 'MESSAGE-INTEGRITY-SHA256', value: new Uint8Array(32) },
      ],
    };
    expect(verifyIntegrity(encode(both), key)).toBe('wrong');
  });
});

test('the key of RFC 8489 §9.2.2', () => {
  const parts = { username: 'user', realm: 'realm', password: 'pass' };
  expect(Buffer.from(longTermKey(parts, 'md5')).toString('hex')).toBe('8493fbc53ba582fb4c044c456bdc40eb');
});

test('names and passwords are composed, and their spaces made plain', () => {
  expect(opaqueString('u\u0308ber\u00a0all\u3000es')).toBe('über all es');
  expect(opaqueString('ASCII  stays!')).toBe('ASCII  stays!');
});

test('preparation makes one SHA-256 key of two spellings, and leaves MD5 to what coturn and browsers do', () => {
  const spellings = ['\u00fcber', 'u\u0308ber'].map(password => ({ username: 'u', realm: 'r', password }));
  const keys = (algorithm: 'md5' | 'sha256') =>
    new Set(spellings.map(parts => Buffer.from(longTermKey(parts, algorithm)).toString('hex'))).size;
  expect(keys('sha256')).toBe(1);
  expect(keys('md5')).toBe(2);
});
