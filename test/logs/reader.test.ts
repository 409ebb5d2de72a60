import { describe, expect, test } from 'vitest';
import type { LogCauseId } from '../../src/model/log-report.ts';
import { readLog } from '../support/read-log.ts';

const lines = (...all: string[]): string => all.map(line => `${line}\n`).join('');
const S = (message: string, id = 1): string => `3: : session 00000000000000000${id}: ${message}`;
const refusal = (code: number, reason: string, method = 'message', user = 'alice'): string =>
  S(`realm <r> user <${user}>: incoming packet ${method} processed, error ${code}: ${reason}`);

describe('causes', () => {
  /** As 4.6.1 and 4.18.0 wrote them. */
  const cases: readonly (readonly [name: string, log: string, cause: LogCauseId])[] = [
    [
      'wrong password',
      lines(
        '3: : ERROR: check_stun_auth: user alice credentials are incorrect',
        refusal(401, 'Unauthorized'),
      ),
      'wrong-password',
    ],
    [
      'wrong password, 4.18',
      lines(
        '2026-11-24T13:24:50.194+0000 ERROR user alice credentials are incorrect (session 000000000000000001, check_stun_auth)',
        '2026-11-24T13:24:50.194+0000 INFO realm <r> user <alice>: incoming packet message processed, error 401: Unauthorized (session 000000000000000001)',
      ),
      'wrong-password',
    ],
    [
      'unknown user',
      lines(
        '3: : ERROR: check_stun_auth: Cannot find credentials of user <mallory>',
        refusal(401, 'Unauthorized', 'message', 'mallory'),
      ),
      'unknown-user',
    ],
    [
      'expired, told by the time of the line',
      lines(
        '2026-11-24T13:24:50+0000: ERROR: check_stun_auth: Cannot find credentials of user <1795523084:carol>',
        refusal(401, 'Unauthorized', 'message', '1795523084:carol'),
      ),
      'expired',
    ],
    [
      'another secret, told by the time of the line',
      lines(
        '2026-11-24T13:24:50+0000: ERROR: check_stun_auth: Cannot find credentials of user <1795530284:dave>',
      ),
      'wrong-secret',
    ],
    [
      'milliseconds',
      lines('3: : ERROR: check_stun_auth: Cannot find credentials of user <1795530284000:dave>'),
      'time-in-milliseconds',
    ],
    [
      'no times to compare with',
      lines('3: : ERROR: check_stun_auth: Cannot find credentials of user <1795530284:dave>'),
      'rejected-credential',
    ],
    [
      'expired, 4.18',
      lines(
        '2026-11-24T13:24:50.194+0000 ERROR credentials of user <1795522725:carol> have expired (the time-limited username timestamp is in the past)',
      ),
      'expired',
    ],
    [
      'another secret, 4.18',
      lines(
        '2026-11-24T13:24:50.194+0000 ERROR credentials of user <1795529925:dave> are wrong (message integrity does not match any auth secret)',
      ),
      'wrong-secret',
    ],
    [
      '403',
      lines(refusal(403, 'Forbidden IP', 'CREATE_PERMISSION'), refusal(403, 'Forbidden IP')),
      'peer-denied',
    ],
    [
      '437 at Allocate',
      lines(refusal(437, 'Mismatched allocation: wrong transaction ID')),
      'allocation-mismatch',
    ],
    [
      '437 at Refresh',
      lines(refusal(437, 'Invalid allocation', 'REFRESH'), refusal(437, 'Invalid allocation')),
      'allocation-gone',
    ],
    ['438', lines(refusal(438, 'Stale nonce')), 'stale-nonce'],
    ['438 of another 5-tuple', lines(refusal(438, 'Wrong nonce')), 'wrong-nonce'],
    ['441', lines(refusal(441, 'Wrong Credentials')), 'other-credentials'],
    ['442', lines(refusal(442, 'TCP Transport is not allowed', 'ALLOCATE')), 'transport-refused'],
    ['486', lines(refusal(486, 'Allocation Quota Reached', 'ALLOCATE'), refusal(486, '')), 'quota'],
    ['508', lines(refusal(508, 'Cannot create socket', 'ALLOCATE')), 'no-relay-port'],
    [
      'TLS that never was',
      lines(
        S(
          'closed (2nd stage), user <> realm <r> origin <>, local 192.0.2.1:5349, remote 198.51.100.1:4000, reason: TLS/TCP socket buffer operation error (callback)',
        ),
      ),
      'tls-handshake',
    ],
    ['challenge', lines(refusal(401, 'Unauthorized', 'message', '')), 'challenge'],
    [
      'rate limit',
      lines(
        '2026-11-24T13:24:50.194+0000 WARNING unauthorized-response rate-limit exceeded from 198.51.100.1:4000 (error 401), suppressing responses for this window',
      ),
      'rate-limited',
    ],
  ];
  for (const [name, log, cause] of cases) {
    test(`${name}: ${cause}, once`, () => expect(readLog(log).causes).toEqual({ [cause]: 1 }));
  }

  test('the same error twice is two, though each is logged twice', () => {
    const once = lines(refusal(486, 'x', 'ALLOCATE'), refusal(486, 'x'));
    expect(readLog(once + once).causes).toEqual({ quota: 2 });
  });
});

describe('sessions', () => {
  const closed = (reason: string, id = 1) =>
    S(
      `closed (2nd stage), user <alice> realm <r> origin <>, local 192.0.2.1:3478, remote 198.51.100.1:4000, reason: ${reason}`,
      id,
    );
  const made = S('new, realm=<r>, username=<alice>, lifetime=600');

  test('traffic is the sum of usage lines, and both ways is a call', () => {
    const usage = [
      S('usage: realm=<r>, username=<alice>, rp=2048, rb=100000, sp=2000, sb=90000'),
      S('peer usage: realm=<r>, username=<alice>, rp=2000, rb=80000, sp=2040, sb=95000'),
      S('usage: realm=<r>, username=<alice>, rp=2, rb=10, sp=1, sb=5'),
    ];
    const [session] = readLog(lines(made, ...usage, closed('allocation timeout'))).sessions;
    expect(session).toMatchObject({
      fromClient: { receivedPackets: 2050, receivedBytes: 100010, sentPackets: 2001, sentBytes: 90005 },
      fromPeers: { receivedPackets: 2000, sentBytes: 95000 },
      outcome: 'relayed',
      ending: 'timeout',
      transport: 'udp',
    });
  });

  test('a Refresh with 0 is how a client ends it, also over TLS', () => {
    const plain = S('refreshed, realm=<r>, username=<alice>, lifetime=0');
    const tls = `${plain}, cipher=ECDHE-ECDSA-AES256-GCM-SHA384, method=TLSv1.2`;
    for (const refreshed of [plain, tls]) {
      expect(readLog(lines(made, refreshed, closed('allocation timeout'))).sessions[0]?.ending).toBe(
        'deleted',
      );
    }
    const kept = S('refreshed, realm=<r>, username=<alice>, lifetime=600');
    expect(readLog(lines(made, kept, closed('allocation timeout'))).sessions[0]?.ending).toBe('timeout');
  });

  test('peers are told once each', () => {
    const peers = ['198.51.100.1', '198.51.100.2', '198.51.100.1'];
    const log = lines(made, ...peers.map(peer => S(`peer ${peer} lifetime updated: 300`)));
    expect(readLog(log).sessions[0]).toMatchObject({
      peers: peers.slice(0, 2),
      peerCount: 2,
      ending: 'open',
    });
  });

  test('a relayed address goes to its allocation, and to none where two threads wrote at once', () => {
    const relay = (port: number) => `3: : IPv4. Local relay addr: 192.0.2.1:${port}`;
    const other = S('new, realm=<r>, username=<bob>, lifetime=600', 2);
    const apart = readLog(lines(relay(50000), made, relay(50001), other)).sessions;
    expect(apart.map(({ relayed }) => relayed)).toEqual([['192.0.2.1:50000'], ['192.0.2.1:50001']]);
    const mixed = readLog(lines(relay(50000), relay(50001), made, other)).sessions;
    expect(mixed.map(({ relayed }) => relayed)).toEqual([[], []]);
  });

  test('a restart ends what was open, and numbers begin anew', () => {
    const banner = "Version Coturn-4.6.1 'Gorst'";
    const { sessions, reader } = readLog(lines(banner, made, banner, made, closed('allocation timeout')));
    expect(sessions.map(({ ending, run }) => [ending, run])).toEqual([
      ['restart', 1],
      ['timeout', 2],
    ]);
    expect(reader.general.starts).toBe(2);
  });

  test('a start that 4.18 tells twice in the journal is one, and two are two', () => {
    const at = (second: number) =>
      `2026-11-24T16:14:34.269289+0000 srv turnserver[118]: 2026-11-24T16:14:${second}.245+0000 INFO`;
    const start = (second: number) => `${at(second)} Coturn Version Coturn-4.18.0 'Gorst'`;
    const session = `${at(35)} allocation new, realm=<r>, username=<alice>, lifetime=600 (session 000000000000000001)`;
    const { sessions, reader } = readLog(
      lines(start(34), start(34), session, start(36), start(36), session.replace(':35', ':37')),
    );
    expect(reader.general.starts).toBe(2);
    expect(sessions.map(({ ending, run }) => [ending, run])).toEqual([
      ['restart', 1],
      ['open', 2],
    ]);
  });

  test('seconds that go backwards are a restart whose start is not in the log', () => {
    const early = made.replace('3: :', '500: :');
    const again = S('new, realm=<r>, username=<bob>, lifetime=600', 2);
    expect(readLog(lines(early, again)).sessions.map(({ ending }) => ending)).toEqual(['restart', 'open']);
  });

  test('memory stays bounded: the oldest of too many open sessions is given up', () => {
    const flood = Array.from(
      { length: 20_005 },
      (_, i) =>
        `3: : session ${String(i).padStart(18, '0')}: realm <r> user <>: incoming packet message processed, error 401: Unauthorized`,
    );
    const { reader, sessions } = readLog(lines(...flood), 1 << 20);
    expect(reader.evicted).toBe(5);
    expect(sessions).toHaveLength(20_005);
  });

  test('names are UTF-8, and may hold anything but a line end', () => {
    const log = lines(S('new, realm=<r>, username=<jürgen> x, lifetime=1>, lifetime=600'));
    expect(readLog(log).sessions[0]?.user).toBe('jürgen> x, lifetime=1');
  });
});

test('what is no log of coturn has no session, and breaks nothing', () => {
  const noise = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 256)).toString('latin1');
  expect(readLog(noise, 13).sessions).toEqual([]);
  expect(readLog('').sessions).toEqual([]);
});

test('secrets in lines of the server are masked', () => {
  const { reader } = readLog('0: : ERROR: Cannot open database: password=hunter2 host=db\n');
  expect(reader.tallies.otherErrors.top(1)[0]?.text).toBe('Cannot open database: password=*** host=db');
});
