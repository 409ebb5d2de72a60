import { describe, expect, test } from 'vitest';
import { readHex } from '../../src/capture/read-hex.ts';

const BINDING = '000100082112a442b7e7a701bc34d686fa87dfae8022000361626300';

const forms: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'digits alone', text: BINDING },
  { name: 'upper case over several lines', text: BINDING.toUpperCase().replace(/.{16}/g, '$&\n') },
  { name: 'with colons, as Wireshark copies', text: BINDING.replace(/..(?=.)/g, '$&:') },
  { name: 'as a C array', text: BINDING.replace(/../g, '0x$&, ') },
  { name: 'as an escaped string', text: `"${BINDING.replace(/../g, '\\x$&')}"` },
  {
    name: 'xxd',
    text: `00000000: 0001 0008 2112 a442 b7e7 a701 bc34 d686  ....!..B.....4..
00000010: fa87 dfae 8022 0003 6162 6300            ....."..abc.`,
  },
  {
    name: 'xxd of a text that is hex by chance',
    text: `00000000: 0001 0008 2112 a442 b7e7 a701 bc34 d686  abcdefabcdefabcd
00000010: fa87 dfae 8022 0003 6162 6300            abcdefabcdef`,
  },
  {
    name: 'od -A x -t x1z',
    text: `000000 00 01 00 08 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86  >....!..B.....4..<
000010 fa 87 df ae 80 22 00 03 61 62 63 00              >....."..abc.<
00001c`,
  },
  {
    name: 'od -t x1, octal offsets',
    text: `0000000 00 01 00 08 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86
0000020 fa 87 df ae 80 22 00 03 61 62 63 00
0000034`,
  },
  {
    name: 'od -x, words of this host',
    text: `0000000 0100 0800 1221 42a4 e7b7 01a7 34bc 86d6
0000020 87fa aedf 2280 0300 6261 0063
0000034`,
  },
  {
    name: 'hexdump -C',
    text: `00000000  00 01 00 08 21 12 a4 42  b7 e7 a7 01 bc 34 d6 86  |....!..B.....4..|
00000010  fa 87 df ae 80 22 00 03  61 62 63 00              |....."..abc.|
0000001c`,
  },
  {
    name: 'hexdump, words of this host, hex offsets',
    text: `0000000 0100 0800 1221 42a4 e7b7 01a7 34bc 86d6
0000010 87fa aedf 2280 0300 6261 0063
000001c`,
  },
  {
    name: 'Wireshark, copied as a hex dump',
    text: `0000   00 01 00 08 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86   ....!..B.....4..
0010   fa 87 df ae 80 22 00 03 61 62 63 00               ....."..abc.`,
  },
];

for (const { name, text } of forms) {
  test(`${name}`, () => {
    const read = readHex(text);
    expect('packets' in read && read.packets.map(bytes => Buffer.from(bytes).toString('hex'))).toEqual([
      BINDING,
    ]);
  });
}

test('offsets that start again start another packet', () => {
  const line = '0000   00 01 00 00 21 12 a4 42 b7 e7 a7 01 bc 34 d6 86   ....!..B.....4..';
  const read = readHex(`${line}\n${line}`);
  expect('packets' in read && read.packets.map(({ length }) => length)).toEqual([16, 16]);
});

describe('what is no hex is told', () => {
  const wrong = [
    { name: 'nothing', text: '# a comment\n\n', says: 'nothing' },
    { name: 'an odd number of digits', text: '000', says: 'odd' },
    { name: 'a word', text: 'hello', says: '"h" is no hex digit' },
    {
      name: 'a dump that leaves lines out',
      text: '00000000: 0000 0000 0000 0000 0000 0000 0000 0000  ................\n*\n00000030: 0001                                     ..',
      says: 'dump it with -v',
    },
    {
      name: 'a dump without its middle',
      text: '00000000: 0001 0000  ....\n00000020: 0001 0000  ....',
      says: 'bytes are missing',
    },
  ];
  for (const { name, text, says } of wrong) {
    test(name, () => {
      const read = readHex(text);
      expect('problem' in read && read.problem).toContain(says);
    });
  }
});
