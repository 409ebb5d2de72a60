import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Attribute,
  attribute,
  attributes,
  isComprehensionRequired,
  unknownRequired,
} from '../../src/stun/attributes.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';
import { messages } from '../support/arbitraries.ts';
import { fromHex, packet, packets } from '../support/packets.ts';

const transactionId = Uint8Array.from({ length: 12 }, (_, index) => index);

const message = (...list: Attribute[]): StunMessage => ({
  class: 'request',
  method: 'allocate',
  transactionId,
  attributes: list,
});

function malformedBecause(bytes: Uint8Array): string {
  const decoded = decode(bytes);
  return 'malformed' in decoded ? decoded.malformed : 'not malformed';
}

test('decoding gives back every message that was encoded', () => {
  fc.assert(
    fc.property(messages, original => {
      expect(decode(encode(original))).toEqual({ message: original });
    }),
    { numRuns: 500 },
  );
});

test('bytes of any kind are judged, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      expect(Object.keys(decode(bytes))).toHaveLength(1);
    }),
    { numRuns: 2000 },
  );
});

test('real packets with changed bytes are judged, never thrown at', () => {
  const change = fc.record({
    packet: fc.constantFrom(...packets),
    edits: fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 5 }),
    cut: fc.nat(400),
  });
  fc.assert(
    fc.property(change, ({ packet: { bytes }, edits, cut }) => {
      const changed = bytes.slice(0, Math.max(20, cut));
      for (const [at, value] of edits) changed[at % changed.length] = value;
      expect(Object.keys(decode(changed))).toHaveLength(1);
    }),
    { numRuns: 2000 },
  );
});

describe('bytes that are no message, and why', () => {
  const header = '0001 0000 2112a442 000102030405060708090a0b';
  const cases = [
    ['nothing', '', 'nothing: zero bytes'],
    ['a header cut off', '0001 0000 2112a442', '8 bytes, fewer than the 20 of a header'],
    ['an odd length', header.replace('0000', '0017'), 'length 23 is not a multiple of 4'],
    ['a length too long', header.replace('0000', '0008'), 'length 8, but 0 bytes follow the header'],
    ['bytes too many', `${header} 00000000`, 'length 0, but 4 bytes follow the header'],
    [
      'RFC 3489, without cookie',
      header.replace('2112a442', 'deadbeef'),
      'magic cookie 0xDEADBEEF instead of 0x2112A442',
    ],
    [
      'an attribute too long',
      `${header.replace('0000', '0004')} 00200008`,
      'attribute 0x0020 runs past the message',
    ],
    [
      'a lifetime too short',
      `${header.replace('0000', '0008')} 000d0002 02580000`,
      'attribute LIFETIME has 2 bytes instead of 4',
    ],
    [
      'an unknown family',
      `${header.replace('0000', '000c')} 00010008 00030d96 7f000001`,
      'attribute MAPPED-ADDRESS has the address family 0x03',
    ],
    [
      'an address too short',
      `${header.replace('0000', '000c')} 00010008 00020d96 7f000001`,
      'attribute MAPPED-ADDRESS has 8 bytes instead of 20 for its address family',
    ],
    [
      'an error class of 7',
      `${header.replace('0000', '0008')} 00090004 00000701`,
      'attribute ERROR-CODE has the class 7 and number 1',
    ],
    [
      'a realm in Latin-1',
      `${header.replace('0000', '0008')} 00140001 fc000000`,
      'attribute REALM is not UTF-8',
    ],
    [
      'FINGERPRINT before the end',
      `${header.replace('0000', '0010')} 80280004 00000000 000d0004 00000000`,
      'attribute FINGERPRINT is not the last',
    ],
    ['ChannelData', '4000 0004 00000000', 'ChannelData, not a STUN message'],
    [
      'HTTP',
      Buffer.from('HTTP/1.1 400 Bad Request\r\n').toString('hex'),
      "an HTTP answer (starts with 'HTTP')",
    ],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n').toString('hex'), "an SSH server (starts with 'SSH-')"],
    ['a TLS alert', '15030300020228', 'a TLS record'],
    ['DTLS', '16fefd000000000000', 'a DTLS record'],
    ['RTP', '80600001000000000000', 'neither STUN nor ChannelData (first byte 0x80)'],
  ] as const;
  test.each(cases)('%s', (_name, hex, reason) => {
    expect(malformedBecause(fromHex(hex))).toBe(reason);
  });
});

describe('messages with a defect on request', () => {
  const key = Uint8Array.of(1, 2, 3);
  const whole = message({ name: 'LIFETIME', value: 600 });
  const cases = [
    [{ kind: 'length', length: 3 }, 'length 3 is not a multiple of 4'],
    [{ kind: 'cookie', cookie: 0 }, 'magic cookie 0x00000000 instead of 0x2112A442'],
    [{ kind: 'truncated', size: 24 }, 'length 40, but 4 bytes follow the header'],
    [{ kind: 'attribute-overrun' }, 'attribute 0x8028 runs past the message'],
  ] as const;
  test.each(cases)('%j', (defect, reason) => {
    const bytes = encode(whole, { integrity: { key, algorithm: 'sha1' }, fingerprint: true, defect });
    expect(malformedBecause(bytes)).toBe(reason);
  });

  test('a wrong fingerprint is named', () => {
    const bytes = encode(whole, { fingerprint: true, defect: { kind: 'wrong-fingerprint' } });
    expect(malformedBecause(bytes)).toMatch(/^FINGERPRINT 0x[0-9A-F]{8} instead of 0x[0-9A-F]{8}$/);
  });
});

describe('attributes', () => {
  test('several of one name are kept in order', () => {
    const peers = [
      { ip: '192.0.2.1', port: 1 },
      { ip: '2001:db8::1', port: 2 },
    ];
    const original = message(...peers.map(value => ({ name: 'XOR-PEER-ADDRESS', value }) as const));
    const decoded = decode(encode(original));
    expect('message' in decoded && attributes(decoded.message, 'XOR-PEER-ADDRESS')).toEqual(peers);
  });

  test('unknown ones are kept raw, and the required among them are told apart', () => {
    const original = message(
      { name: 0x7ffe, value: Uint8Array.of(1) },
      { name: 0xc057, value: Uint8Array.of(2, 3) },
    );
    expect(decode(encode(original))).toEqual({ message: original });
    expect(unknownRequired(original)).toEqual([0x7ffe]);
    expect(isComprehensionRequired(0x8000)).toBe(false);
  });

  test('what follows MESSAGE-INTEGRITY does not count, but for FINGERPRINT', () => {
    const forged = message(
      { name: 'MESSAGE-INTEGRITY', value: new Uint8Array(20) },
      { name: 'XOR-MAPPED-ADDRESS', value: { ip: '192.0.2.1', port: 1 } },
      { name: 'FINGERPRINT', value: 1 },
    );
    expect(attribute(forged, 'XOR-MAPPED-ADDRESS')).toBeUndefined();
    expect(attribute(forged, 'FINGERPRINT')).toBe(1);
  });

  test('a nonce that is no UTF-8 returns unchanged', () => {
    const nonce = Uint8Array.of(0xff, 0x00, 0xfe, 0x22);
    const decoded = decode(encode(message({ name: 0x0015, value: nonce })));
    expect('message' in decoded && encode(decoded.message).slice(24)).toEqual(nonce);
  });

  test('values that fit no attribute are refused when encoding', () => {
    expect(() => encode(message({ name: 'LIFETIME', value: 2 ** 32 }))).toThrow(RangeError);
    expect(() => encode(message({ name: 'LIFETIME', value: -1 }))).toThrow(RangeError);
    expect(() =>
      encode(message({ name: 'XOR-PEER-ADDRESS', value: { ip: 'example.org', port: 1 } })),
    ).toThrow(RangeError);
    expect(() =>
      encode(message({ name: 'XOR-PEER-ADDRESS', value: { ip: '192.0.2.1', port: 65536 } })),
    ).toThrow(RangeError);
    expect(() => encode(message({ name: 'RESERVATION-TOKEN', value: new Uint8Array(7) }))).toThrow(
      RangeError,
    );
    expect(() => encode(message({ name: 'ERROR-CODE', value: { code: 700, reason: '' } }))).toThrow(
      RangeError,
    );
    expect(() => encode({ ...message(), transactionId: new Uint8Array(16) })).toThrow(RangeError);
  });
});

test('a Node Buffer from a pool is read like any bytes, and not kept', () => {
  const { bytes } = packet('chromium-send-indication');
  const pool = Buffer.alloc(bytes.length + 8);
  pool.set(bytes, 8);
  const decoded = decode(pool.subarray(8));
  expect(decoded).toEqual(decode(bytes));
  pool.fill(0);
  expect(decoded).toEqual(decode(bytes));
});
