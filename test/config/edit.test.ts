import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, type ConfigEdit } from '../../src/config/edit.ts';
import { parseConfig } from '../../src/config/parse.ts';

const edited = (text: string, ...edits: ConfigEdit[]): string =>
  Buffer.from(applyEdits(Buffer.from(text), edits)).toString('utf8');

describe('edits', () => {
  const cases: { name: string; before: string; edits: ConfigEdit[]; after: string }[] = [
    {
      name: 'set rewrites the last line and comments out the others',
      before: '# relay\n  min-port = 1 \nmin-port=2\n',
      edits: [{ kind: 'set', option: 'min-port', value: '50000' }],
      after: '# relay\n#  min-port = 1 \nmin-port=50000\n',
    },
    {
      name: 'set keeps spacing, CR LF and the byte order mark',
      before: '\ufeff# x\r\n\tmin-port  =  1  \r\nmax-port=2\r\n',
      edits: [{ kind: 'set', option: 'min-port', value: '50000' }],
      after: '\ufeff# x\r\n\tmin-port  =  50000  \r\nmax-port=2\r\n',
    },
    {
      name: 'set adds a line below the commented-out example',
      before: 'realm=a\r\n#external-ip=1.2.3.4\r\n\r\nverbose\r\n',
      edits: [{ kind: 'set', option: 'external-ip', value: '203.0.113.1' }],
      after: 'realm=a\r\n#external-ip=1.2.3.4\r\nexternal-ip=203.0.113.1\r\n\r\nverbose\r\n',
    },
    {
      name: 'set adds a line at the end, also of an unfinished one',
      before: 'realm a',
      edits: [
        { kind: 'set', option: 'no-stun', value: null },
        { kind: 'set', option: 'min-port', value: '1' },
      ],
      after: 'realm a\nno-stun\nmin-port 1',
    },
    {
      name: 'set leaves the rest of an over-long line a line of its own, as coturn reads it',
      before: `realm=${'a'.repeat(1017)}min-port=1\n`,
      edits: [{ kind: 'set', option: 'realm', value: 'example.org' }],
      after: 'realm=example.org\nmin-port=1\n',
    },
    {
      name: 'set on an empty file',
      before: '',
      edits: [{ kind: 'set', option: 'realm', value: 'a' }],
      after: 'realm=a\n',
    },
    {
      name: 'set gives a bare name a value',
      before: 'realm\n',
      edits: [{ kind: 'set', option: 'realm', value: 'a' }],
      after: 'realm=a\n',
    },
    {
      name: 'set takes a value away',
      before: 'no-stun = 0 \n',
      edits: [{ kind: 'set', option: 'no-stun', value: null }],
      after: 'no-stun \n',
    },
    {
      name: 'set quotes what coturn would eat',
      before: 'realm=a\n',
      edits: [{ kind: 'set', option: 'realm', value: ' =b"' }],
      after: 'realm=" =b""\n',
    },
    {
      name: 'add goes below its kind',
      before: 'denied-peer-ip=10.0.0.1\nverbose\n',
      edits: [
        { kind: 'add', option: 'denied-peer-ip', value: '10.0.0.2' },
        { kind: 'add', option: 'denied-peer-ip', value: '10.0.0.1' },
        { kind: 'add', option: 'denied-peer-ip', value: '10.0.0.3' },
      ],
      after: 'denied-peer-ip=10.0.0.1\ndenied-peer-ip=10.0.0.2\ndenied-peer-ip=10.0.0.3\nverbose\n',
    },
    {
      name: 'comment out one line, or all of an option',
      before: 'no-stun\nuser=a:b\nuser=c:d\n',
      edits: [
        { kind: 'comment-out', target: { option: 'no-stun' } },
        { kind: 'comment-out', target: { option: 'user', line: 3 } },
      ],
      after: '#no-stun\nuser=a:b\n#user=c:d\n',
    },
    {
      name: 'remove what reads exactly so',
      before: 'user=a:b\n  user  a:b\nuser=c:d\n',
      edits: [{ kind: 'remove', target: { option: 'user', rawValue: 'a:b' } }],
      after: 'user=c:d\n',
    },
    {
      name: 'replace a value',
      before: 'min-port=50000 # low\n',
      edits: [
        {
          kind: 'replace-value',
          target: { option: 'min-port', line: 1, rawValue: '50000 # low' },
          value: '50000',
        },
      ],
      after: 'min-port=50000\n',
    },
    {
      name: 'keep part of a value unseen',
      before: "static-auth-secret='gräb'\n",
      edits: [{ kind: 'keep-part', target: { option: 'static-auth-secret' }, ofLength: 6, from: 1, to: 5 }],
      after: 'static-auth-secret=gräb\n',
    },
    {
      name: 'rename',
      before: '  min_port\t=1\n',
      edits: [{ kind: 'rename', target: { option: 'min_port' }, to: 'min-port' }],
      after: '  min-port\t=1\n',
    },
    {
      name: 'insert a line of its own',
      before: 'realm=a\nverbose\n',
      edits: [{ kind: 'insert', text: '# by hand', after: { option: 'realm' } }],
      after: 'realm=a\n# by hand\nverbose\n',
    },
    {
      name: 'byte order mark and lone carriage returns',
      before: '\ufeffrealm=a\rno-stun\r',
      edits: [{ kind: 'strip-byte-order-mark' }, { kind: 'mend-line-ends' }],
      after: 'realm=a\nno-stun\n',
    },
  ];
  test.each(cases)('$name', ({ before, edits, after }) => {
    expect(edited(before, ...edits)).toBe(after);
    expect(edited(after, ...edits)).toBe(after);
  });
});

test('other bytes stay, whatever their encoding', () => {
  const latin1 = Buffer.from("# gr\xfcn\nrealm='gr\xfcn'\0x\nmin-port=1\n", 'latin1');
  const done = applyEdits(latin1, [
    { kind: 'set', option: 'min-port', value: '2' },
    { kind: 'keep-part', target: { option: 'realm' }, ofLength: 6, from: 1, to: 5 },
  ]);
  expect(Buffer.from(done).toString('latin1')).toBe('# gr\xfcn\nrealm=gr\xfcn\0x\nmin-port=2\n');
});

test('what no line can hold is refused', () => {
  expect(() => edited('', { kind: 'set', option: 'realm', value: 'a\nno-auth' })).toThrow('line end');
  expect(() => edited('', { kind: 'set', option: 'realm', value: 'a'.repeat(1100) })).toThrow('longer');
  expect(() =>
    edited(
      'realm=a\n',
      { kind: 'set', option: 'realm', value: 'b' },
      { kind: 'replace-value', target: { option: 'realm' }, value: 'c' },
    ),
  ).toThrow('same bytes');
});

test('any value that is set is the value that is read', () => {
  const value = fc.string({
    unit: fc.constantFrom(' ', '	', '=', '"', '#', '', '', 'a', 'ü', '例'),
    maxLength: 60,
  });
  const file = fc.constantFrom(
    '',
    'realm=x\n',
    '#realm=a\nverbose',
    'realm\r\n',
    'realm "q"  \n',
    'realm=a\nrealm=b\n',
  );
  fc.assert(
    fc.property(value, file, (text, before) => {
      const once = edited(before, { kind: 'set', option: 'realm', value: text });
      const entries = parseConfig(Buffer.from(once), '').entries.filter(({ name }) => name === 'realm');
      expect(entries.map(entry => entry.value)).toEqual([text]);
      expect(edited(once, { kind: 'set', option: 'realm', value: text })).toBe(once);
    }),
  );
});
