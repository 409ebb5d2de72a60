import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig, type Span } from '../../src/config/parse.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const read = (text: string, version?: string) => parseConfig(bytes(text), 'turnserver.conf', version);
const pairs = (text: string, version?: string): [string, string | null][] =>
  read(text, version).entries.map(({ name, value }) => [name, value]);

const pad = (text: string): string => text.padEnd(1023);

/** Each line is what coturn makes of the text, as [name, value] pairs. */
const grammar: { name: string; text: string; reads: [string, string | null][] }[] = [
  { name: 'a name alone', text: 'no-stun', reads: [['no-stun', null]] },
  { name: 'blanks in front', text: ' \t no-stun\n', reads: [['no-stun', null]] },
  {
    name: 'a carriage return in front is part of the name',
    text: '\rno-stun\n',
    reads: [['\rno-stun', null]],
  },
  { name: 'so is a vertical tab', text: '\vno-stun\n', reads: [['\vno-stun', null]] },
  { name: 'and a no-break space', text: '\u00a0no-stun\n', reads: [['\u00a0no-stun', null]] },
  { name: 'white space at the end goes', text: 'realm=a \t\v\f\r\n', reads: [['realm', 'a']] },
  { name: 'separator =', text: 'realm=a', reads: [['realm', 'a']] },
  { name: 'separator blank', text: 'realm a', reads: [['realm', 'a']] },
  { name: 'separator tab', text: 'realm\ta', reads: [['realm', 'a']] },
  { name: 'any run of separators', text: 'realm  = =\t a', reads: [['realm', 'a']] },
  { name: 'double =', text: 'realm==a', reads: [['realm', 'a']] },
  { name: 'a colon is part of the name', text: 'realm: a', reads: [['realm:', 'a']] },
  { name: 'upper case and underscores stay', text: 'MIN_PORT=1', reads: [['MIN_PORT', '1']] },
  { name: 'dashes in front stay', text: '--min-port=1', reads: [['--min-port', '1']] },
  { name: 'inner blanks, =, # and ; stay', text: 'realm=a b=c#d;e', reads: [['realm', 'a b=c#d;e']] },
  { name: 'a line of = alone', text: '=', reads: [['', '']] },
  { name: 'nothing after the separator', text: 'realm=\n', reads: [['realm', '']] },
  {
    name: 'a NUL ends the line',
    text: 'realm=a\0b\nno-stun\n',
    reads: [
      ['realm', 'a'],
      ['no-stun', null],
    ],
  },
  { name: 'a NUL in front empties it', text: '\0no-stun\n', reads: [] },
  { name: 'a comment', text: '# realm=a\n', reads: [] },
  { name: 'an indented comment', text: ' \t# realm=a\n', reads: [] },
  { name: 'no comment: semicolon', text: ';realm=a', reads: [[';realm', 'a']] },
  { name: 'no comment: slashes', text: '// realm', reads: [['//', 'realm']] },
  { name: 'no comment after a value', text: 'realm=a # hi', reads: [['realm', 'a # hi']] },
  { name: 'no comment after a flag', text: 'no-stun # x', reads: [['no-stun', '# x']] },
  { name: 'a semicolon at the end stays', text: 'realm=a;', reads: [['realm', 'a;']] },
  {
    name: 'a trailing backslash stays',
    text: 'realm=a\\\nno-stun',
    reads: [
      ['realm', 'a\\'],
      ['no-stun', null],
    ],
  },
  { name: 'double quotes', text: 'realm="a b"', reads: [['realm', 'a b']] },
  { name: 'an opening quote alone', text: 'realm="ab', reads: [['realm', 'ab']] },
  { name: 'a closing quote alone', text: 'realm=ab"', reads: [['realm', 'ab"']] },
  { name: 'text after the quote', text: 'realm="ab" # x', reads: [['realm', 'ab" # x']] },
  { name: 'no escapes', text: 'realm="a\\"b"', reads: [['realm', 'a\\"b']] },
  { name: 'single quotes are literal', text: "realm='ab'", reads: [['realm', "'ab'"]] },
  { name: 'quotes keep blanks and =', text: 'realm=" =a "', reads: [['realm', ' =a ']] },
  { name: 'a quote alone is an empty value', text: 'realm="', reads: [['realm', '']] },
  {
    name: 'CR LF',
    text: 'realm=a\r\nno-stun\r\n',
    reads: [
      ['realm', 'a'],
      ['no-stun', null],
    ],
  },
  { name: 'CR alone is no line end', text: 'realm=a\rno-stun\r', reads: [['realm', 'a\rno-stun']] },
  { name: 'blank lines', text: '\n \n\r\n\v\n', reads: [] },
  {
    name: 'a byte order mark is part of the name',
    text: '\ufeffno-stun\n',
    reads: [['\ufeffno-stun', null]],
  },
  { name: 'a byte order mark spoils a comment', text: '\ufeff# hi\n', reads: [['\ufeff#', 'hi']] },
  { name: 'UTF-8', text: 'realm=grün.例', reads: [['realm', 'grün.例']] },
  {
    name: 'byte 1024 starts a new line',
    text: `${pad('realm=a')}no-stun\n`,
    reads: [
      ['realm', 'a'],
      ['no-stun', null],
    ],
  },
  { name: 'also in a comment', text: `${pad('# x')}min-port=50000\n`, reads: [['min-port', '50000']] },
  { name: 'a comment can go on as a comment', text: `${pad('# x')}# y\n`, reads: [] },
  {
    name: '1023 bytes and the line feed fit',
    text: `${pad('realm=a').slice(0, 1022)}b\nno-stun`,
    reads: [
      ['realm', `a${' '.repeat(1015)}b`],
      ['no-stun', null],
    ],
  },
  { name: 'bytes count, not characters', text: `#${'ü'.repeat(511)}no-stun`, reads: [['no-stun', null]] },
];

describe('one line, as coturn reads it', () => {
  test.each(grammar)('$name', ({ text, reads }) => expect(pairs(text)).toEqual(reads));

  test('4.5.1.1 kept blanks at the end', () => {
    expect(pairs('realm=a \r\n', '4.5.1.1')).toEqual([['realm', 'a ']]);
    expect(pairs('realm=a \r\n', '4.5.1.2')).toEqual([['realm', 'a']]);
  });

  test('Latin-1 is shown as such', () => {
    expect(parseConfig(Buffer.from('realm=gr\xfcn', 'latin1'), '').entries[0]!.value).toBe('grün');
  });
});

describe('places', () => {
  test('line and column of the name and of the value', () => {
    const [first, second] = read('# a\n  realm =  "x"\r\ngrün=ä b\n').entries;
    expect(first).toMatchObject({
      line: 2,
      column: 3,
      valueColumn: 12,
      rawValue: '"x"',
      text: '  realm =  "x"',
    });
    expect(second).toMatchObject({ line: 3, column: 1, name: 'grün', valueColumn: 6 });
  });

  test('an overflow counts columns in its line', () => {
    const [, overflow] = read(`${'realm=ü'.padEnd(1022)} no-stun=1\n`).entries;
    expect(overflow).toMatchObject({
      line: 1,
      overflow: true,
      name: 'no-stun',
      textColumn: 1023,
      column: 1024,
      valueColumn: 1032,
    });
  });

  test('spans point at the bytes', () => {
    const text = 'realm = "grün"\n';
    const { nameSpan, valueSpan } = read(text).entries[0]!;
    const cut = (span: Span | null): string =>
      Buffer.from(bytes(text)).subarray(span?.start, span?.end).toString('utf8');
    expect([cut(nameSpan), cut(valueSpan)]).toEqual(['realm', '"grün"']);
  });
});

describe('faults of the bytes', () => {
  const cases: [string, Uint8Array, unknown[]][] = [
    ['none', bytes('realm=a\r\n# ü\n'), []],
    ['byte order mark', bytes('\ufeffrealm=a\n'), [{ kind: 'byte-order-mark', line: 1, column: 1 }]],
    ['NUL', bytes('a\nrealm=a\0b\n'), [{ kind: 'nul-byte', line: 2, column: 8 }]],
    ['CR only', bytes('realm=a\rno-stun\r'), [{ kind: 'cr-only', line: 1, column: 8 }]],
    ['long line', bytes(`${pad('# ü')}x\n`), [{ kind: 'line-too-long', line: 1, column: 1023 }]],
    ['long line with blanks only', bytes(`${pad('# x')}   \n`), []],
    ['UTF-16', Buffer.from('\ufeffrealm=a\n', 'utf16le'), [{ kind: 'utf-16', line: 1, column: 1 }]],
    [
      'UTF-16 without a mark',
      Buffer.from('realm=abc\n', 'utf16le'),
      [{ kind: 'utf-16', line: 1, column: 1 }],
    ],
    [
      'a program',
      Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7) % 256)),
      [{ kind: 'binary', line: 1, column: 1 }],
    ],
  ];
  test.each(cases)('%s', (_, input, faults) => {
    const found = parseConfig(input, '').faults.filter(
      ({ kind }) => kind !== 'line-too-long' || faults.length > 0,
    );
    expect(found.slice(0, 1)).toEqual(faults);
  });
});

test('lines that hold options are counted, ignore marks are kept', () => {
  const parsed = read('# turnctl-ignore listener/no-stun: measured\nno-stun\n\n# x\nrealm=a\n');
  expect(parsed.optionLines).toBe(2);
  expect(parsed.ignores).toEqual([{ rule: 'listener/no-stun', reason: 'measured', line: 1 }]);
});

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 4000 }),
  fc
    .array(
      fc.constantFrom(
        'realm',
        '=',
        ' ',
        '\t',
        '"',
        '#',
        ';',
        '\n',
        '\r',
        '\r\n',
        '\0',
        'ü',
        '\ufeff',
        'x'.repeat(600),
      ),
    )
    .map(parts => bytes(parts.join(''))),
);

describe('any bytes at all', () => {
  test('are a configuration, and its lines give them back', () => {
    fc.assert(
      fc.property(anyBytes, input => {
        const { lines, entries } = parseConfig(input, 'x');
        const joined = Buffer.concat(lines.map(({ start, next }) => input.subarray(start, next)));
        expect(joined.equals(input)).toBe(true);
        for (const { line, column, span, valueSpan } of entries) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
          expect(span!.end).toBeLessThanOrEqual(input.length);
          if (valueSpan) expect(valueSpan.start).toBeLessThanOrEqual(valueSpan.end);
        }
      }),
    );
  });
});
