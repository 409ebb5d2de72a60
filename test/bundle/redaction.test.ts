import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressTokens } from '../../src/bundle/address-tokens.ts';
import { plantCanaries } from '../../src/bundle/canaries.ts';
import { createRedactor } from '../../src/bundle/redactor.ts';
import { secretsIn } from '../../src/bundle/secret-harvest.ts';
import { tracesOf } from '../../src/bundle/secret-traces.ts';
import { userNamesIn } from '../../src/bundle/user-tokens.ts';
import { bitsOf, classifyIp, formatIp, type Ip, parseIp } from '../../src/util/ip.ts';
import { parseIpRange } from '../../src/util/ip-range.ts';

const KEY = Buffer.from('a key of this test');
const redactor = (secrets: readonly string[], users: readonly string[] = []) =>
  createRedactor({ key: KEY, secrets, users, keepAddresses: false });

/** Ways in which a program may write a secret down. */
const ENCODINGS: Readonly<Record<string, (secret: string) => string>> = {
  plain: secret => `saw ${secret} there`,
  json: secret => JSON.stringify({ note: secret }),
  'json in json': secret => JSON.stringify({ note: JSON.stringify({ note: secret }) }),
  url: secret => `https://app.example/x?y=${encodeURIComponent(secret)}&z=1`,
  form: secret => `y=${encodeURIComponent(secret).replaceAll('%20', '+')}`,
  hex: secret => `0x${Buffer.from(secret).toString('hex')}`,
  'hex in capitals': secret => Buffer.from(secret).toString('hex').toUpperCase(),
  base64: secret => Buffer.from(secret).toString('base64'),
  'base64, one byte in': secret => Buffer.from(`:${secret}:`).toString('base64'),
  'base64, two bytes in': secret => Buffer.from(`a:${secret}`).toString('base64'),
  base64url: secret => Buffer.from(`user:${secret}`).toString('base64url'),
};

const secretText = fc
  .string({ minLength: 10, maxLength: 60, unit: 'grapheme-ascii' })
  .filter(text => !/^\s|\s$|^\*+$/.test(text) && new Set(text).size > 4);

describe('a secret that is known', () => {
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    test(`does not survive in any of its forms: ${name}`, () => {
      fc.assert(
        fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
          const redact = redactor([secret]);
          const text = `${before} ${encode(secret)} ${after}`;
          const clean = redact.text(text);
          const left = tracesOf(secret).filter(trace => clean.includes(trace));
          expect({ clean, left }).toEqual({ clean, left: [] });
          const json = JSON.stringify(redact.json({ [text]: [text] }));
          expect(tracesOf(secret).filter(trace => json.includes(trace))).toEqual([]);
        }),
        { numRuns: 200 },
      );
    });
  }

  test('is traced wherever in a longer text base64 began', () => {
    const traces = tracesOf('correct horse battery');
    for (const before of ['', 'x', 'xy', 'xyz']) {
      const text = Buffer.from(`${before}correct horse battery${before}`).toString('base64');
      expect(traces.some(trace => text.includes(trace))).toBe(true);
    }
  });
});

describe('a secret that nobody named is recognised by what stands before it', () => {
  const S = 'Kestrel7-wing+Q';
  const texts = [
    `static-auth-secret=${S}`,
    `#static-auth-secret=${S}`,
    `TURN_SECRET="${S}"`,
    `Environment=DB_PASSWORD=${S}`,
    `{"credential": "${S}", "x": 1}`,
    `postgresql://turn:${S}@db/turn`,
    `redis://:${S}@db:6379/2`,
    `password=${S} connect_timeout=30`,
    `turnserver -n --cli-password ${S}`,
    `user=alice:${S}`,
    `turnserver -u alice:${S}`,
    `Authorization: Bearer ${S}`,
    `GET /turn?api_key=${S} HTTP/1.1`,
    `GET /turn?key=${encodeURIComponent(S)} HTTP/1.1`,
    `API-Token: ${S}`,
  ];
  test.each(texts)('%s', text => expect(secretsIn(text)).toContain(S));

  const innocent = [
    'password: wrong',
    'use-auth-secret',
    'tls: no certificate, token expired yesterday',
    'pkey=/etc/coturn/turn.key',
    'token: turn.example.org',
    'secret=changeme',
    'pass 12345',
  ];
  test.each(innocent)('nothing in: %s', text => expect(secretsIn(text)).toEqual([]));
});

describe('addresses', () => {
  const tokens = addressTokens(KEY);
  const ipv4 = fc.ipV4();
  const ipv6 = fc.ipV6().filter(text => parseIp(text) !== null);
  const parse = (text: string): Ip => parseIp(text) as Ip;
  const token = (text: string): Ip => parse(tokens.replace(formatIp(parse(text))));

  const shared = (a: Ip, b: Ip): number => {
    const bits = bitsOf(a.family);
    const difference = a.value ^ b.value;
    return difference === 0n ? bits : bits - difference.toString(2).length;
  };

  test('stay in their class', () => {
    fc.assert(fc.property(fc.oneof(ipv4, ipv6), text => classifyIp(token(text)) === classifyIp(parse(text))));
  });

  test('of one subnet stay in one, and others do not join it', () => {
    const near = fc.tuple(ipv4, fc.integer({ min: 0, max: 31 })).map(([text, bit]): [string, string] => {
      const ip = parse(text);
      return [text, formatIp({ ...ip, value: ip.value ^ (1n << BigInt(bit)) })];
    });
    fc.assert(
      fc.property(near, ([a, b]) => {
        expect(shared(token(a), token(b))).toBe(shared(parse(a), parse(b)));
      }),
    );
  });

  test('are replaced, and by another', () => {
    const text = tokens.replace('client 93.184.216.34:4711, [2606:2800:220:1::17]:3478, 10.20.30.40');
    expect(text).not.toMatch(/93\.184\.216\.34|2606:2800:220:1::17|10\.20\.30\.40/);
    expect(text).toMatch(/^client [\d.]+:4711, \[[\da-f:]+\]:3478, 10\.[\d.]+$/);
  });

  const stay = [
    'listening-ip=127.0.0.1',
    'external-ip=203.0.113.10/192.0.2.7',
    'peer ::1 and ::',
    'Version Coturn-4.5.1.1',
    'coturn 4.5.1.1',
    '12:34:56 up 3:10:05',
    'AB:CD:EF:01:23:45:67:89:AB:CD',
    'denied-peer-ip=10.0.0.0-10.255.255.255',
    'denied-peer-ip=172.16.0.0-172.31.255.255',
    'denied-peer-ip=192.168.0.0/16',
    'denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'denied-peer-ip=0.0.0.0-255.255.255.255',
    'denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255',
    'turn:turn.example.org:3478?transport=udp',
  ];
  test.each(stay)('stay as they are: %s', text => expect(tokens.replace(text)).toBe(text));

  test('a range of one block still is one, and covers what it covered', () => {
    const range = tokens.replace('93.184.0.0-93.184.255.255');
    const { from, to } = parseIpRange(range) as NonNullable<ReturnType<typeof parseIpRange>>;
    expect(to - from).toBe(0xffffn);
    const inside = token('93.184.216.34').value;
    expect(from <= inside && inside <= to).toBe(true);
    expect(tokens.replace('93.184.0.0/16')).toBe(`${formatIp({ family: 'ipv4', value: from })}/16`);
  });

  test('a mapped address and the one in it have the same token', () => {
    expect(tokens.replace('::ffff:93.184.216.34')).toBe(`::ffff:${tokens.replace('93.184.216.34')}`);
  });

  test('inside a URI', () => {
    expect(tokens.replace('turn:93.184.216.34:3478')).toBe(`turn:${tokens.replace('93.184.216.34')}:3478`);
  });
});

describe('user names', () => {
  const texts = [
    ['session 001: realm <r> user <1769864400:ophelia>: incoming', 'ophelia'],
    ['{"user":"ophelia"}', 'ophelia'],
    ['login=ophelia', 'ophelia'],
    ['mail from ophelia@example.org', 'ophelia@example.org'],
    ['1769864400:ophelia', 'ophelia'],
  ] as const;
  test.each(texts)('%s', (text, name) => expect(userNamesIn(text)).toContain(name));

  test('have the same token everywhere, file names too', () => {
    const clean = redactor([], ['ophelia']).text(
      'user <1769864400:ophelia> /home/ophelia/x_ophelia.log ophelias',
    );
    const [token = ''] = /user-[0-9a-f]{8}/.exec(clean) ?? [];
    expect(clean).toBe(`user <1769864400:${token}> /home/${token}/x_${token}.log ophelias`);
  });

  test.each(['root', 'turnserver', 'relay', '3478', '***'])('%s is none', name =>
    expect(userNamesIn(`user <${name}>`)).toEqual([]),
  );
});

test('what is planted is in the text in every place, and gone afterwards', () => {
  let count = 0;
  const { secrets, text } = plantCanaries(() => `${++count}`.padStart(24, 'a1B2'));
  expect(secrets.filter(secret => !tracesOf(secret).some(trace => text.includes(trace)))).toEqual([]);
  const clean = redactor(secrets).text(text);
  expect(secrets.filter(secret => tracesOf(secret).some(trace => clean.includes(trace)))).toEqual([]);
});
