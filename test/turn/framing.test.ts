import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode } from '../../src/stun/message.ts';
import { encodeChannelData } from '../../src/turn/channel-data.ts';
import { type Frame, StreamFramer } from '../../src/turn/framing.ts';
import { messages } from '../support/arbitraries.ts';

const stun = messages.map(message => ({ kind: 'stun' as const, bytes: encode(message) }));
const channelData = fc
  .record({ channel: fc.integer({ min: 0x4000, max: 0x4fff }), data: fc.uint8Array({ maxLength: 50 }) })
  .map(frame => ({
    kind: 'channel-data' as const,
    bytes: encodeChannelData(frame, 'datagram'),
    stream: encodeChannelData(frame, 'stream'),
  }));

function cut(chunks: readonly Uint8Array[]): Frame[] {
  const framer = new StreamFramer();
  return chunks.flatMap(chunk => [...framer.push(chunk)]);
}

function split(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (let i = 0; offset < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.slice(offset, offset + size));
    offset += size;
  }
  return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });

test('frames come out as they went in, however the stream is split', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(stun, channelData), { maxLength: 6 }), sizes, (frames, pieces) => {
      const stream = Buffer.concat(frames.map(frame => ('stream' in frame ? frame.stream : frame.bytes)));
      expect(cut(split(stream, pieces))).toEqual(frames.map(({ kind, bytes }) => ({ kind, bytes })));
    }),
  );
});

test('any bytes give the same frames, however they are split', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), sizes, (bytes, pieces) => {
      expect(cut(split(bytes, pieces))).toEqual(cut([bytes]));
    }),
  );
});

describe('what is no STUN stream', () => {
  const cases = [
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), "an HTTP answer (starts with 'HTTP')"],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'), "an SSH server (starts with 'SSH-')"],
    ['TLS', Buffer.from('15030100020246', 'hex'), 'a TLS record'],
    ['mail', Buffer.from('220 mx.example.org ESMTP\r\n'), "a mail or FTP server (starts with '220')"],
    ['zeros', Buffer.alloc(20), 'magic cookie 0x00000000 instead of 0x2112A442'],
    ['a bad length', Buffer.from('000100032112a442', 'hex'), 'length 3 is not a multiple of 4'],
  ] as const;
  test.each(cases)('%s', (_name, bytes, problem) => {
    expect(cut([bytes, Buffer.from('more')])).toEqual([{ kind: 'junk', problem }]);
  });
});

test('a frame that never ends is only remembered', () => {
  const framer = new StreamFramer();
  expect([...framer.push(Buffer.from('4000ffff', 'hex'))]).toEqual([]);
  for (let i = 0; i < 1000; i++) expect([...framer.push(new Uint8Array(60))]).toEqual([]);
  expect(framer.pendingBytes).toBe(60_004);
});

test('a caller’s buffer may be used again', () => {
  const framer = new StreamFramer();
  const whole = encodeChannelData({ channel: 0x4000, data: Uint8Array.of(1, 2, 3, 4) }, 'stream');
  const buffer = whole.slice(0, 6);
  framer.push(buffer);
  buffer.fill(0);
  expect([...framer.push(whole.slice(6))]).toEqual([{ kind: 'channel-data', bytes: whole }]);
});
