import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUri } from '../../src/model/target.ts';
import { parseServerUri } from '../../src/turn/uri.ts';

function parsed(text: string): string[] | string {
  const result = parseServerUri(text);
  return 'problem' in result ? result.problem : result.uris.map(formatUri);
}

const everywhere = (host: string) => [
  `turn:${host}:3478?transport=udp`,
  `turn:${host}:3478?transport=tcp`,
  `turns:${host}:5349?transport=tcp`,
];

describe('URIs of RFC 7064 and RFC 7065, and bare targets', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['stun:stun.example.org', ['stun:stun.example.org:3478']],
    ['stuns:stun.example.org', ['stuns:stun.example.org:5349']],
    ['turn:example.org', ['turn:example.org:3478?transport=udp']],
    ['turn:example.org:8000', ['turn:example.org:8000?transport=udp']],
    ['turn:example.org?transport=udp', ['turn:example.org:3478?transport=udp']],
    ['turn:192.168.1.5:8000?transport=tcp', ['turn:192.168.1.5:8000?transport=tcp']],
    ['turns:example.org', ['turns:example.org:5349?transport=tcp']],
    ['turns:example.org:443?transport=tcp', ['turns:example.org:443?transport=tcp']],
    ['TURN:Example.org?transport=UDP', ['turn:Example.org:3478?transport=udp']],
    ['turn:[2001:db8::1]', ['turn:[2001:db8::1]:3478?transport=udp']],
    ['turn:[2001:db8::1]:5000?transport=tcp', ['turn:[2001:db8::1]:5000?transport=tcp']],
    ['turn:localhost', ['turn:localhost:3478?transport=udp']],
    ['example.org', everywhere('example.org')],
    ['  example.org.\n', everywhere('example.org.')],
    ['203.0.113.5', everywhere('203.0.113.5')],
    ['2001:db8::1', everywhere('[2001:db8::1]')],
    ['[2001:db8::1]', everywhere('[2001:db8::1]')],
    ['example.org:3479', ['turn:example.org:3479?transport=udp', 'turn:example.org:3479?transport=tcp']],
    ['[::1]:3478', ['turn:[::1]:3478?transport=udp', 'turn:[::1]:3478?transport=tcp']],
    ['example.org:443', ['turns:example.org:443?transport=tcp']],
    ['turn:3478', ['turn:turn:3478?transport=udp', 'turn:turn:3478?transport=tcp']],
  ];
  test.each(cases)('%s', (text, uris) => {
    expect(parsed(text)).toEqual(uris);
  });
});

describe('what is wrong is named', () => {
  const cases = [
    ['', 'it is empty'],
    ['turn:', 'the host is empty'],
    ['turn::3478', 'the host is empty'],
    ['turn:example.org :3478', 'it contains a space'],
    [
      'turn:alice@example.org',
      'it has a user part ("@"): user name and password are given apart from the URI',
    ],
    ['turn://example.org', '"//" does not belong into a turn: URI: write turn:HOST'],
    ['turn:example.org/', 'it has a path ("/"): only HOST and PORT belong there'],
    ['turn:example.org:0', '"0" is no port: 1 to 65535'],
    ['turn:example.org:65536', '"65536" is no port: 1 to 65535'],
    ['turn:example.org:', '"" is no port: 1 to 65535'],
    ['turn:example.org:port', '"port" is no port: 1 to 65535'],
    [
      'stun:example.org?transport=udp',
      'a stun: URI has no query ("?transport=udp"): RFC 7064 knows none, and browsers refuse it',
    ],
    [
      'turns:example.org?transport=udp',
      'turns: with transport=udp is DTLS, which browsers ignore: use transport=tcp',
    ],
    [
      'turn:example.org?transport=tls',
      'the transport "tls" is unknown: udp and tcp are known, TLS is turns:',
    ],
    [
      'turn:example.org?proto=udp',
      'the query "?proto=udp" is none that RFC 7065 knows: ?transport=udp or ?transport=tcp',
    ],
    ['https://example.org', 'the scheme "https:" is unknown: stun:, stuns:, turn: and turns: are known'],
    ['example.org?transport=udp', 'it has a query without a scheme: write turn:HOST?transport=…'],
    ['example.org:3478?transport=udp', 'it has a query without a scheme: write turn:HOST?transport=…'],
    ['localhost:3478/', 'it has a path ("/"): only HOST and PORT belong there'],
    ['example.org:', '"" is no port: 1 to 65535'],
    ['turn:2001:db8::1', 'it has more than one ":": an IPv6 address needs brackets, as [2001:db8::1]'],
    ['turn:[2001:db8::1', 'the bracket is not closed'],
    ['turn:[::1]x', 'only an IPv6 address in brackets and :PORT may stand there'],
    ['turn:[192.0.2.1]', '"192.0.2.1" is no IPv6 address'],
    ['turn:[fe80::1%eth0]', '"fe80::1%eth0" is no IPv6 address'],
    ['256.1.1.1', '"256.1.1.1" is no IPv4 address'],
    ['10.0.1', '"10.0.1" is no IPv4 address'],
    ['turn:exa_mple..org', '"exa_mple..org" is no host name: a label is empty'],
    ['turn:-example.org', '"-example.org" is no host name'],
    ['turn:türn.example.org', '"türn.example.org" is not ASCII: write its xn-- form, as clients must'],
    ['x'.repeat(64), `"${'x'.repeat(64)}" is no host name`],
    ['x.'.repeat(127), 'the host name is longer than 253 characters'],
  ] as const;
  test.each(cases)('%s', (text, problem) => {
    expect(parsed(text)).toBe(problem);
  });
});

test('any text is judged, never thrown at', () => {
  const fragments = fc.constantFrom(
    'turn:',
    'stun:',
    '?transport=',
    '[',
    ']',
    ':',
    '::',
    '//',
    '@',
    '1',
    'a',
    '.',
    '%',
  );
  const text = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(fragments, { maxLength: 12 }).map(list => list.join('')),
  );
  fc.assert(
    fc.property(text, candidate => {
      expect(Object.keys(parseServerUri(candidate))).toHaveLength(1);
    }),
    { numRuns: 2000 },
  );
});

test('what was read is read again from its canonical form', () => {
  for (const text of ['stun:a.b', 'turns:[::1]:443', 'turn:192.0.2.1?transport=tcp']) {
    const [uri = ''] = parsed(text);
    expect(parsed(uri)).toEqual([uri]);
  }
});
