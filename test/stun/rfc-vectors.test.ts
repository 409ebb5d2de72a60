import { describe, expect, test } from 'vitest';
import { attribute } from '../../src/stun/attributes.ts';
import {
  integrityOf,
  longTermKey,
  shortTermKey,
  userHash,
  verifyIntegrity,
} from '../../src/stun/integrity.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';
import { fromHex } from '../support/packets.ts';

const matrix = '\u30de\u30c8\u30ea\u30c3\u30af\u30b9';

const request = fromHex(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae
  80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff
  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
  80280004 e57a3bcf`);

const ipv4Response = fromHex(`
  0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
  8022000b 74657374 20766563 746f7220
  00200008 0001a147 e112a643
  00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
  80280004 c07d4c96`);

const ipv6Response = fromHex(`
  01010048 2112a442 b7e7a701 bc34d686 fa87dfae
  8022000b 74657374 20766563 746f7220
  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
  80280004 c8fb0b4c`);

const longTermRequest = fromHex(`
  00010060 2112a442 78ad3433 c6ad72c0 29da412e
  00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
  0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
  0014000b 6578616d 706c652e 6f726700
  00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`);

const sha256Request = fromHex(`
  0001009c 2112a442 78ad3433 c6ad72c0 29da412e
  001e0020 4a3cf38f ef6992bd a952c678 0417da0f 24819415 569e60b2 05c46e41 407f1704
  00150029 6f624d61 744a6f73 32414141 43662f2f 3439396b 39353464 364f4c33 346f4c39
           46535476 79363473 41000000
  0014000b 6578616d 706c652e 6f726700
  001c0020 e4686c8f 0edeb590 13e07090 010a93ef ccbccc54 4c0a45d9 f830aa6d 6f735a01`);

function decoded(bytes: Uint8Array): StunMessage {
  const result = decode(bytes);
  if ('malformed' in result) throw new Error(result.malformed);
  return result.message;
}

describe('RFC 5769', () => {
  const shortTerm = shortTermKey('VOkJxbRl1RmTxUk/WvJxBt');

  test('2.1 request with short-term authentication', () => {
    const message = decoded(request);
    expect(message).toMatchObject({ class: 'request', method: 'binding' });
    expect(attribute(message, 'SOFTWARE')).toBe('STUN test client');
    expect(attribute(message, 'PRIORITY')).toBe(0x6e0001ff);
    expect(attribute(message, 'ICE-CONTROLLED')).toBe(0x932ff9b151263b36n);
    expect(attribute(message, 'USERNAME')).toBe('evtj:h6vY');
    expect(attribute(message, 'FINGERPRINT')).toBe(0xe57a3bcf);
    expect(verifyIntegrity(request, shortTerm)).toBe('verified');
  });

  test('2.2 response with an IPv4 address', () => {
    const message = decoded(ipv4Response);
    expect(message).toMatchObject({ class: 'success', method: 'binding' });
    expect(attribute(message, 'XOR-MAPPED-ADDRESS')).toEqual({ ip: '192.0.2.1', port: 32853 });
    expect(verifyIntegrity(ipv4Response, shortTerm)).toBe('verified');
  });

  test('2.3 response with an IPv6 address', () => {
    const expected = { ip: '2001:db8:1234:5678:11:2233:4455:6677', port: 32853 };
    expect(attribute(decoded(ipv6Response), 'XOR-MAPPED-ADDRESS')).toEqual(expected);
    expect(verifyIntegrity(ipv6Response, shortTerm)).toBe('verified');
  });

  test('2.4 request with long-term authentication', () => {
    const message = decoded(longTermRequest);
    expect(attribute(message, 'USERNAME')).toBe(matrix);
    expect(attribute(message, 'NONCE')).toBe('f//499k954d6OL34oL9FSTvy64sA');
    // The password after SASLprep, which RFC 8489 gave up for OpaqueString.
    const key = longTermKey({ username: matrix, realm: 'example.org', password: 'TheMatrIX' }, 'md5');
    expect(verifyIntegrity(longTermRequest, key)).toBe('verified');
  });

  test('2.4 is what our own encoder makes of the same parts', () => {
    const key = longTermKey({ username: matrix, realm: 'example.org', password: 'TheMatrIX' }, 'md5');
    const { transactionId } = decoded(longTermRequest);
    const message: StunMessage = {
      class: 'request',
      method: 'binding',
      transactionId,
      attributes: [
        { name: 'USERNAME', value: matrix },
        { name: 'NONCE', value: 'f//499k954d6OL34oL9FSTvy64sA' },
        { name: 'REALM', value: 'example.org' },
      ],
    };
    expect(encode(message, { integrity: { key, algorithm: 'sha1' } })).toEqual(longTermRequest);
  });

  test('one changed bit is noticed', () => {
    const changed = request.slice();
    changed[30]! ^= 1;
    expect(decode(changed)).toMatchObject({
      malformed: expect.stringMatching(/^FINGERPRINT 0xE57A3BCF instead of/),
    });
    expect(verifyIntegrity(changed, shortTerm)).toBe('wrong');
  });
});

describe('RFC 8489 appendix B.1', () => {
  const corrected = sha256Request.slice();
  corrected[3] = 0x88;

  test('the header as printed claims 20 bytes more than the packet has', () => {
    expect(decode(sha256Request)).toEqual({ malformed: 'length 156, but 136 bytes follow the header' });
  });

  test('USERHASH', () => {
    expect(attribute(decoded(corrected), 'USERHASH')).toEqual(userHash(matrix, 'example.org'));
  });

  test('MESSAGE-INTEGRITY-SHA256 with the SHA-256 key, over the length as printed', () => {
    const key = longTermKey({ username: matrix, realm: 'example.org', password: 'TheMatrIX' }, 'sha256');
    const preceding = sha256Request.slice(0, -36);
    const printedLength = { key, algorithm: 'sha256', size: 32 + 20 } as const;
    expect(integrityOf(preceding, printedLength)).toEqual(sha256Request.slice(-32));
    expect(verifyIntegrity(corrected, key)).toBe('wrong');
  });
});
