import { describe, expect, test } from 'vitest';
import { readLog } from '../support/read-log.ts';

const OLD = [
  'session 001000000000000007: realm <log.test> user <>: incoming packet message processed, error 401: Unauthorized',
  'session 001000000000000007: new, realm=<log.test>, username=<alice>, lifetime=600',
  'session 001000000000000007: closed (2nd stage), user <alice> realm <log.test> origin <>, local 192.0.2.1:3478, remote 198.51.100.9:51005, reason: allocation timeout',
];
const NEW = [
  'realm <log.test> user <>: incoming packet message processed, error 401: Unauthorized (session 001000000000000007)',
  'allocation new, realm=<log.test>, username=<alice>, lifetime=600 (session 001000000000000007)',
  'closed (2nd stage), user <alice> realm <log.test> origin <>, local 192.0.2.1:3478, remote 198.51.100.9:51005, reason: allocation timeout (session 001000000000000007)',
];

const TIME = '2026-11-24T13:24:50.000Z';

/** Each as its version or its carrier writes it. */
const forms: readonly (readonly [
  name: string,
  prefix: string,
  messages: readonly string[],
  at: string | null,
  uptime: number | null,
])[] = [
  ['4.5.1', '2: ', OLD, null, 2],
  ['4.5.2 to 4.6.1', '2: : ', OLD, null, 2],
  ['4.6.2 to 4.16', '2: (31337): INFO: ', OLD, null, 2],
  ['new-log-timestamp up to 4.6.1', '2026-11-24T13:24:50+0000: ', OLD, TIME, null],
  ['new-log-timestamp of 4.6.2 to 4.16', '2026-11-24T13:24:50+0000: (31337): INFO: ', OLD, TIME, null],
  ['4.17', '2026-11-24T13:24:50.000+0000 INFO ', OLD, TIME, null],
  ['4.18', '2026-11-24T13:24:50.000+0000 INFO ', NEW, TIME, null],
  ['journalctl -o short-iso', '2026-11-24T14:24:50+01:00 host turnserver[312]: 2: : ', OLD, TIME, null],
  [
    'journalctl -o short-iso-precise',
    '2026-11-24T13:24:50.000000+0000 host turnserver[312]: ',
    OLD,
    TIME,
    null,
  ],
  [
    'journal of 4.18',
    '2026-11-24T13:24:50+0000 host turnserver[312]: 2026-11-24T13:24:50.000+0000 INFO ',
    NEW,
    TIME,
    null,
  ],
  ['syslog without a year', 'Nov 24 13:24:50 host turnserver: 2: : ', OLD, TIME, null],
  ['docker logs --timestamps', '2026-11-24T13:24:50.000123456Z 2: (7): INFO: ', OLD, TIME, null],
  ['no prefix', '', OLD, null, null],
];

describe('what stands in front of a message', () => {
  for (const [name, prefix, messages, at, uptime] of forms) {
    test(name, () => {
      const text = messages.map(message => `${prefix}${message}\n`).join('');
      const { sessions, causes } = readLog(text);
      expect(causes).toEqual({ challenge: 1 });
      expect(sessions).toHaveLength(1);
      expect(sessions[0]).toMatchObject({
        id: '001000000000000007',
        user: 'alice',
        client: '198.51.100.9:51005',
        reason: 'allocation timeout',
        started: { at, afterStartSeconds: uptime },
        outcome: 'no-data',
      });
    });
  }

  test('wherever the pieces of the file end', () => {
    const text = OLD.map(message => `2: : ${message}\r\n`.replace('\r', '')).join('');
    const whole = readLog(text, 1_000_000).sessions;
    for (const piece of [1, 2, 3, 64, 199]) expect(readLog(text, piece).sessions).toEqual(whole);
  });

  const whole = OLD.map(message => `2: : ${message}\n`).join('');
  const damaged = [
    ['CR LF, as a copy over Windows has', whole.replaceAll('\n', '\r\n')],
    [
      'zeros in front of a line, where the power went',
      whole.replace(/(?<=\n)(?=.*closed)/, '\0'.repeat(5_000)),
    ],
    ['half a line and zeros', `2: : session 0010000${'\0'.repeat(5_000)}\n${whole}`],
    ['a line of zeros', `${'\0'.repeat(5_000)}\n${whole}`],
  ] as const;
  for (const [name, text] of damaged) {
    test(`${name}, changes nothing`, () => {
      expect(text).not.toBe(whole);
      for (const piece of [7, 4096]) {
        const read = readLog(text, piece);
        expect(read.sessions).toEqual(readLog(whole).sessions);
        expect(read.causes).toEqual(readLog(whole).causes);
      }
    });
  }

  test('the last line may lack its end', () => {
    expect(readLog(OLD.map(message => `2: : ${message}`).join('\n')).sessions[0]?.ending).toBe('timeout');
  });

  test('a line without end does not fill the memory, and the next one is read', () => {
    const text = `2: : ${'x'.repeat(300_000)}\n${OLD.map(message => `2: : ${message}\n`).join('')}`;
    expect(readLog(text, 4096).sessions).toHaveLength(1);
  });
});
