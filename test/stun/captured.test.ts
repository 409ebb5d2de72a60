import { describe, expect, test } from 'vitest';
import { attribute } from '../../src/stun/attributes.ts';
import { longTermKey, verifyIntegrity } from '../../src/stun/integrity.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';
import { decodeChannelData, isChannelData } from '../../src/turn/channel-data.ts';
import { packet, packets } from '../support/packets.ts';

function message(name: string): StunMessage {
  const decoded = decode(packet(name).bytes);
  if ('malformed' in decoded) throw new Error(decoded.malformed);
  return decoded.message;
}

describe('packets of coturn and Chromium', () => {
  for (const { name, bytes, credential } of packets.filter(({ bytes }) => !isChannelData(bytes))) {
    test(`${name} is understood`, () => {
      const decoded = decode(bytes);
      expect(decoded).toHaveProperty('message');
      const key = credential && longTermKey(credential, 'md5');
      // Error responses that end a session, as 437 and 441, come without integrity from coturn.
      if (key) expect(verifyIntegrity(bytes, key)).not.toBe('wrong');
      if (key && / success | request/.test(packet(name).origin))
        expect(verifyIntegrity(bytes, key)).toBe('verified');
    });

    test(`${name} is written back to the same bytes`, () => {
      const decoded = decode(bytes);
      // Reason phrases of old coturn end in counted padding, which decoding takes off.
      if ('message' in decoded && !attribute(decoded.message, 'ERROR-CODE')) {
        expect(encode(decoded.message)).toEqual(bytes);
      }
    });
  }
});

describe.each(['coturn-4.6.1', 'coturn-4.18.0'])('%s', server => {
  const errors = [
    ['allocate-300', 300],
    ['allocate-400', 400],
    ['allocate-401', 401],
    ['create-permission-403', 403],
    ['binding-420', 420],
    ['allocate-437', 437],
    ['allocate-438', 438],
    ['allocate-440', 440],
    ['refresh-441', 441],
    ['allocate-442', 442],
    ['create-permission-443', 443],
    ['allocate-486', 486],
    ['allocate-508', 508],
  ] as const;

  test.each(errors)('%s', (name, code) => {
    const answer = message(`${server}-${name}`);
    expect(answer.class).toBe('error');
    expect(attribute(answer, 'ERROR-CODE')?.code).toBe(code);
  });

  test('the challenge', () => {
    const challenge = message(`${server}-allocate-401`);
    expect(attribute(challenge, 'REALM')).toBe('example.org');
    expect(attribute(challenge, 'NONCE')).toMatch(
      server === 'coturn-4.6.1' ? /^[0-9a-f]{16}$/ : /^[0-9a-f]{24}$/,
    );
  });

  test('the allocation', () => {
    const granted = message(`${server}-allocate-success`);
    expect(attribute(granted, 'XOR-RELAYED-ADDRESS')?.ip).toBe('127.0.0.1');
    expect(attribute(granted, 'LIFETIME')).toBe(600);
    expect(attribute(granted, 'MOBILITY-TICKET')).toHaveLength(12);
    expect(attribute(message(`${server}-allocate-reserved`), 'RESERVATION-TOKEN')).toHaveLength(8);
  });

  test('data of the peer, in both envelopes', () => {
    const data = attribute(message(`${server}-data-indication`), 'DATA');
    expect(Buffer.from(data ?? []).toString()).toBe('through the relay');
    const framed = decodeChannelData(packet(`${server}-channel-data`).bytes);
    expect(framed).toEqual({ channel: 0x4000, data: new Uint8Array(Buffer.from('hello')) });
  });

  test('unknown attributes and alternates', () => {
    expect(attribute(message(`${server}-binding-420`), 'UNKNOWN-ATTRIBUTES')).toEqual([0x7ffe]);
    expect(attribute(message(`${server}-allocate-300`), 'ALTERNATE-SERVER')).toEqual({
      ip: '203.0.113.9',
      port: 3478,
    });
  });
});

test('reason phrases of coturn 4.6.1 lose their counted padding', () => {
  expect(attribute(message('coturn-4.6.1-allocate-438'), 'ERROR-CODE')?.reason).toBe('Stale nonce');
});

test('a connectivity check of Chromium: ICE attributes, and its own kept raw', () => {
  const check = message('chromium-ice-check');
  const names = check.attributes.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['USERNAME', 'PRIORITY', 'MESSAGE-INTEGRITY', 'FINGERPRINT']));
  expect(names.filter(name => typeof name === 'number')).toContain(0xc057);
});
