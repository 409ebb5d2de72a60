import { describe, expect, test } from 'vitest';
import { Keys } from '../../src/capture/keys.ts';
import { TCP, tcpPacket, udpPacket } from '../../src/capture/packets.ts';
import { pcapng } from '../../src/capture/pcapng.ts';
import { readInput } from '../../src/capture/read-input.ts';
import { concat, viewOf } from '../../src/stun/bytes.ts';
import { encode } from '../../src/stun/message.ts';
import { mutant } from '../fuzz/mutate.ts';
import { randomFrom } from '../fuzz/random.ts';

const ends = { from: { ip: '192.0.2.1', port: 40_000 }, to: { ip: '192.0.2.2', port: 3478 } };
const ends6 = { from: { ip: '2001:db8::1', port: 40_000 }, to: { ip: '2001:db8::2', port: 3478 } };
const binding = (last: number) =>
  encode({
    class: 'request',
    method: 'binding',
    transactionId: new Uint8Array(12).fill(last),
    attributes: [],
  });
const packet = udpPacket(ends, binding(1));
const packet6 = udpPacket(ends6, binding(1));

/** A pcap file of one frame. */
function pcap(frame: Uint8Array, { linkType = 101, little = true, magic = 0xa1b2c3d4 } = {}): Uint8Array {
  const header = new Uint8Array(24);
  viewOf(header).setUint32(0, magic, little);
  viewOf(header).setUint32(20, linkType, little);
  const record = new Uint8Array(16);
  viewOf(record).setUint32(8, frame.length, little);
  viewOf(record).setUint32(12, frame.length, little);
  return concat([header, record, frame]);
}

const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));

function messagesIn(file: Uint8Array) {
  const read = readInput(file, new Keys(), 100);
  if ('problem' in read) throw new Error(read.problem);
  const said = read.entries.map(({ message, from }) =>
    message.kind === 'stun' ? `${from} ${message.method} ${message.class}` : message.kind,
  );
  return { said, notes: read.notes };
}

const MAC = '020000000001 020000000002';
const files = [
  { name: 'little-endian pcap', file: pcap(packet) },
  { name: 'big-endian pcap', file: pcap(packet, { little: false }) },
  { name: 'pcap with nanoseconds', file: pcap(packet, { magic: 0xa1b23c4d }) },
  { name: 'IPv6', file: pcap(packet6), from: '[2001:db8::1]:40000' },
  { name: 'Ethernet', file: pcap(concat([hex(`${MAC} 0800`), packet]), { linkType: 1 }) },
  {
    name: 'a VLAN in a VLAN',
    file: pcap(concat([hex(`${MAC} 88a8 0001 8100 0002 0800`), packet]), { linkType: 1 }),
  },
  {
    name: 'Linux cooked',
    file: pcap(concat([hex('0000 0304 0006 000000000000 0000 0800'), packet]), { linkType: 113 }),
  },
  {
    name: 'Linux cooked, version 2',
    file: pcap(concat([hex('0800 0000 00000001 0304 00 06 0000000000000000'), packet]), { linkType: 276 }),
  },
  { name: 'BSD loopback', file: pcap(concat([hex('02000000'), packet]), { linkType: 0 }) },
  {
    name: 'padding of Ethernet behind the packet',
    file: pcap(concat([hex(`${MAC} 0800`), packet, new Uint8Array(12)]), { linkType: 1 }),
  },
  { name: 'pcapng', file: pcapng([{ atNs: 1n, bytes: packet, comment: 'x' }], { application: 'test' }) },
];
for (const { name, file, from = '192.0.2.1:40000' } of files) {
  test(`${name}: the message is found`, () => {
    expect(messagesIn(file)).toEqual({ said: [`${from} Binding request`], notes: [] });
  });
}

describe('a TCP stream', () => {
  const stream = concat([binding(1), binding(2), binding(3)]);
  const segment = (start: number, end: number) =>
    tcpPacket({
      ...ends,
      sequence: 101 + start,
      acknowledged: 0,
      flags: TCP.ack,
      data: stream.subarray(start, end),
    });
  const syn = tcpPacket({ ...ends, sequence: 100, acknowledged: 0, flags: TCP.syn, data: new Uint8Array(0) });
  const capture = (...packets: Uint8Array[]) =>
    messagesIn(
      pcapng(
        packets.map(bytes => ({ atNs: 0n, bytes, comment: '' })),
        { application: 'test' },
      ),
    ).said;
  const three = Array(3).fill('192.0.2.1:40000 Binding request');

  test('cut anywhere', () => {
    expect(capture(syn, segment(0, 7), segment(7, 33), segment(33, 60))).toEqual(three);
  });
  test('in another order, and twice', () => {
    expect(capture(syn, segment(33, 60), segment(0, 7), segment(0, 7), segment(7, 33))).toEqual(three);
  });
  test('with overlapping segments', () => {
    expect(capture(syn, segment(0, 30), segment(20, 60))).toEqual(three);
  });
  test('whose beginning was not captured', () => {
    expect(capture(segment(20, 40), segment(40, 60))).toEqual(three.slice(1));
  });
});

test('what is left out is said', () => {
  const fragment = packet.slice();
  viewOf(fragment).setUint16(6, 0x2000);
  const packets = [fragment, udpPacket(ends, hex('ff00ff00')), packet];
  const file = pcapng(
    packets.map(bytes => ({ atNs: 0n, bytes, comment: '' })),
    { application: 'test' },
  );
  expect(messagesIn(file).notes).toEqual([
    '2 packets of other protocols left out',
    '1 IP fragment among them, which cannot be read without the others',
  ]);
  expect(messagesIn(file.slice(0, -8)).notes.at(-1)).toMatch(/cut off or damaged at byte \d+/);
  expect(messagesIn(pcap(packet, { linkType: 147 })).notes).toContain('link type 147 is not known here');
});

test('damaged captures end in words, never in an exception', () => {
  const random = randomFrom(7);
  const packets = [packet, packet6, udpPacket(ends, hex('40000004 01020304'))];
  const whole = pcapng(
    packets.map(bytes => ({ atNs: 5n, bytes, comment: 'c' })),
    { application: 'test' },
  );
  for (let i = 0; i < 3000; i++) {
    const file = mutant([whole, pcap(packet)], [binding(1)], random);
    expect(() => readInput(file, new Keys(() => 'password'), 100)).not.toThrow();
  }
});
