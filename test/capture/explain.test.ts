import { describe, expect, test } from 'vitest';
import { explain } from '../../src/capture/explain.ts';
import { hideSecrets } from '../../src/capture/hide-secrets.ts';
import { Keys } from '../../src/capture/keys.ts';
import { decode } from '../../src/stun/message.ts';
import { fromHex, packet, packets } from '../support/packets.ts';

for (const { name, bytes, credential } of packets) {
  test(`${name}: every byte is accounted for`, () => {
    const keys = new Keys(username => (username === credential?.username ? credential.password : undefined));
    const explained = explain(bytes, keys.of());
    expect(explained.defects).toEqual([]);
    if (explained.kind !== 'stun') return;
    const sizes = explained.attributes.map(({ sizeBytes }) => 4 + ((sizeBytes + 3) & ~3));
    expect(sizes.reduce((a, b) => a + b, 20)).toBe(bytes.length);
    if (credential && /request/.test(name)) expect(explained.integrity).toBe('verified');
  });

  test(`${name}: without secrets it is as long and as well-formed as before`, () => {
    const safe = bytes.slice();
    hideSecrets(safe);
    expect(safe.length).toBe(bytes.length);
    if ('message' in decode(bytes)) expect(decode(safe)).toHaveProperty('message');
    const mac = Buffer.from(bytes).indexOf('00080014', 0, 'hex');
    if (mac >= 0) expect(safe.slice(mac + 4, mac + 24)).toEqual(new Uint8Array(20));
  });
}

test('a wrong key is told', () => {
  const { bytes, credential } = packet('chromium-allocate-request-signed');
  const keys = new Keys(() => `${credential?.password}x`);
  expect(explain(bytes, keys.of())).toMatchObject({ integrity: 'wrong', defects: [] });
});

test('what an error means for a coturn', () => {
  expect(explain(packet('coturn-4.18.0-allocate-486').bytes)).toMatchObject({
    method: 'Allocate',
    class: 'error',
    meaning: expect.stringContaining('user-quota'),
  });
});

describe('what is wrong is told with its place', () => {
  const header = '0001 0008 2112a442 b7e7a701bc34d686fa87dfae';
  const wrong = [
    {
      name: 'a cut attribute',
      hex: `${header} 8022 0008 61626364`,
      offset: 22,
      text: 'SOFTWARE claims 8 bytes, and 4 are left',
    },
    {
      name: 'a length that lies',
      hex: `0001 0004 2112a442 b7e7a701bc34d686fa87dfae 8022 0003 61626300`,
      offset: 2,
      text: 'the length is 4, and 8 bytes follow',
    },
    {
      name: 'another cookie',
      hex: `0001 0000 12345678 b7e7a701bc34d686fa87dfae`,
      offset: 4,
      text: 'the magic cookie is 0x12345678',
    },
    {
      name: 'a wrong fingerprint',
      hex: `${header} 8028 0004 00000000`,
      offset: 24,
      text: 'FINGERPRINT must be 0x',
    },
    {
      name: 'an address of no family',
      hex: `0101 000c 2112a442 b7e7a701bc34d686fa87dfae 0020 0008 0003 0000 00000000`,
      offset: 24,
      text: 'XOR-MAPPED-ADDRESS has the address family 0x03',
    },
    {
      name: 'ChannelData that is too short',
      hex: '4000 0010 0102',
      offset: 2,
      text: 'ChannelData length 16, but 2 bytes follow',
    },
    { name: 'HTTP', hex: '485454502f312e31', offset: 0, text: 'HTTP' },
    { name: 'nothing', hex: '', offset: 0, text: 'zero bytes' },
  ];
  for (const { name, hex, offset, text } of wrong) {
    test(name, () => {
      expect(explain(fromHex(hex)).defects).toEqual(
        expect.arrayContaining([{ offset, text: expect.stringContaining(text) }]),
      );
    });
  }
});

test('text from the wire cannot drive a terminal', () => {
  const explained = explain(fromHex('0001 0008 2112a442 b7e7a701bc34d686fa87dfae 8022 0004 1b5b324a'));
  expect(explained).toMatchObject({ attributes: [{ name: 'SOFTWARE', value: '"\\x1b[2J"' }] });
});
