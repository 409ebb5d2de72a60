import { expect, test } from 'vitest';
import { decodeChannelData, encodeChannelData, isChannelData } from '../../src/turn/channel-data.ts';
import { fromHex } from '../support/packets.ts';

const frame = { channel: 0x4001, data: Uint8Array.of(1, 2, 3, 4, 5) };

test('is padded over a stream only', () => {
  expect(encodeChannelData(frame, 'datagram')).toEqual(fromHex('40010005 0102030405'));
  expect(encodeChannelData(frame, 'stream')).toEqual(fromHex('40010005 0102030405000000'));
});

test('comes back without padding', () => {
  expect(decodeChannelData(encodeChannelData(frame, 'stream'))).toEqual(frame);
  expect(decodeChannelData(encodeChannelData({ ...frame, data: new Uint8Array(0) }, 'datagram'))).toEqual({
    channel: 0x4001,
    data: new Uint8Array(0),
  });
});

const bad = [
  ['4001', '2 bytes, fewer than the 4 of a ChannelData header'],
  ['40010005 01020304', 'ChannelData length 5, but 4 bytes follow the header'],
  ['48545450 2f312e31', "an HTTP answer (starts with 'HTTP')"],
] as const;
test.each(bad)('%s is none', (hex, malformed) => {
  expect(decodeChannelData(fromHex(hex))).toEqual({ malformed });
});

test('the first byte tells it from STUN', () => {
  expect([0x00, 0x3f, 0x40, 0x4f, 0x50].map(first => isChannelData(Uint8Array.of(first)))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
});
