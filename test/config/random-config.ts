import { DIRECTIVES, type Directive } from '../../src/config/directives.ts';

/** Numbers that follow from a seed (mulberry32), so that a failing file can be made again. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Options left out: they move the log, leave the folder, need another account, take seconds to fail, or (`ne` out of its range) leave 4.6.1 without UDP. */
const UNSAFE =
  /^(?:log-file|syslog.*|no-stdout-log|log-min-level|simple-log|new-log-timestamp.*|daemon|pidfile|userdb|db|.*-userdb|redis-.*|proc-.*|listening-device|relay-device|listening-ip|relay-ip|ne|verbose|Verbose|relay-threads|cpus|sock-buf-size|.*-address|cli-ip|web-admin.*|aux-server|udp-self-balance|version|multiplex.*|cli|acme.*)$/;

const OPTIONS = DIRECTIVES.filter(({ name }) => !UNSAFE.test(name));

const VALUES: Partial<Record<Directive['type'], readonly string[]>> = {
  flag: [
    '',
    '0',
    '1',
    'true',
    'false',
    'yes',
    'no',
    'on',
    'off',
    'ON',
    'oN',
    'Off',
    'nope',
    '00',
    '-1',
    'enabled',
    '# x',
    '2',
    'TRUE',
    '"true"',
    "'1'",
    'true;',
  ],
  integer: ['', '0', '10', '600', '1M', 'abc', '-1', '4294967297', ' 7', '"8"', '5 # x'],
  port: [
    '',
    '0',
    '4000',
    '5000 # x',
    '70000',
    '-5',
    '5x000',
    '0xC350',
    '50_000',
    '"4100"',
    "'4200'",
    '+4300',
    '4400;',
    '65536',
    '99999999999',
    '4500 4600',
    '4700-4800',
  ],
  'ip-range': [
    '10.0.0.1',
    '10.0.0.0-10.255.255.255',
    '10.0.0.0/8',
    '10.0.0.9 - 10.0.0.10',
    '10.0.0.9-10.0.0.1',
    '',
    '::1',
    'fc00::-fdff::',
    '10.1',
    '1-2',
    '010.0.0.1',
    '10.0.0.1 # x',
    '10.0.0.1-',
    '-10.0.0.1',
    '10.0.0.1-10.0.0.2-10.0.0.3',
    '10.0.0.1-::1',
    '300.1.1.1',
    '10.0.0.1:80',
    '[::1]',
    '"10.0.0.1"',
    "'10.0.0.1'",
    '10.0.0.1;',
  ],
  'external-ip': [
    '203.0.113.1',
    '203.0.113.1/127.0.0.1',
    '203.0.113.1 # x',
    '',
    '127.0.0.1/203.0.113.1',
    '$(curl ifconfig.me)',
    '2001:db8::1',
  ],
  user: ['joe:pw', 'joe', 'joe:', ':pw', 'joe:0x00112233445566778899aabbccddeeff', 'joe:0x12', 'a:b:c', ''],
  'server-address': ['203.0.113.1:3478', '203.0.113.1', '[2001:db8::1]:3478', ''],
};
const TEXTS = [
  '',
  'abc',
  'ex.org',
  '"a b"',
  '"ab',
  'ab"',
  "'x'",
  'ex.org # hi',
  'grün',
  '"a\\"b"',
  'a=b',
  'x;',
];
const SEPARATORS = ['=', '=', '=', '=', ' ', '\t', ' = ', '==', '=\t', '  ', ':', ': '];

/** A file of options right and wrong, spelt in the ways people spell them. */
export function randomConfig(random: () => number): Buffer {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const chance = (odds: number): boolean => random() < odds;
  const name = (option: string): string => {
    if (chance(0.9)) return option;
    const spellings = [
      `--${option}`,
      option.replaceAll('-', '_'),
      option.toUpperCase(),
      option.slice(0, -1),
      `${option}s`,
      `;${option}`,
    ];
    return pick(spellings);
  };
  const line = (): string => {
    if (chance(0.05))
      return pick([
        '',
        '# comment',
        '   # indented',
        '// no comment',
        '[section]',
        '\r',
        '\v',
        '=',
        '= x',
        '"quoted"',
        '\tno-stun',
        '\u00a0no-tcp',
        '\u000bfoo',
      ]);
    const { name: option, type } = pick(OPTIONS);
    const value = pick(VALUES[type] ?? TEXTS);
    const written = value === '' && chance(0.7) ? name(option) : name(option) + pick(SEPARATORS) + value;
    const padded = chance(0.05)
      ? `${chance(0.5) ? '# ' : ''}${written}${' '.repeat(1023)}`.slice(0, 1023) +
        pick(['no-stun', 'rest', '# x', 'stale-nonce=5'])
      : written;
    return (
      (chance(0.1) ? '  ' : '') + padded + (chance(0.15) ? pick([' ', '\t', '\r', '\0', '\0x', ' \r']) : '')
    );
  };
  const lines = Array.from({ length: 1 + Math.floor(random() * 8) }, line);
  const text = lines.join('\n') + (chance(0.8) ? '\n' : '');
  return Buffer.from((chance(0.05) ? '\ufeff' : '') + text, chance(0.9) ? 'utf8' : 'latin1');
}
