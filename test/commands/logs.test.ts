import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filterOf, momentOf } from '../../src/commands/logs/options.ts';
import { runLogs } from '../../src/commands/logs/run.ts';
import { printingLog } from '../../src/commands/logs/sources.ts';
import { register } from '../../src/commands/logs.ts';
import { localHost } from '../../src/host/local.ts';
import { fakeIo } from '../support/fake-io.ts';
import { reportFaults } from '../support/report-readers.ts';

const T = (seconds: number): string => `2026-11-24T13:${String(seconds).padStart(2, '0')}:00.000+0000 INFO`;
const call = (minute: number, id: number, user: string, error = ''): string => {
  const session = `(session 00000000000000000${id})`;
  const closed = `${T(minute + 1)} closed (2nd stage), user <${user}> realm <r> origin <>, local 192.0.2.1:3478, remote 198.51.100.${id}:4000, reason: allocation timeout ${session}\n`;
  if (error !== '')
    return `${T(minute)} realm <r> user <${user}>: incoming packet ALLOCATE processed, error ${error} ${session}\n${closed}`;
  return `${T(minute)} allocation new, realm=<r>, username=<${user}>, lifetime=600 ${session}\n${closed}`;
};
const NEWER = [
  call(1, 1, '1795530284:carol', '486: Allocation Quota Reached'),
  call(10, 2, '1795530999:carol'),
  call(20, 3, 'bob'),
].join('');
const OLDER = '3: : session 000000000000000001: new, realm=<r>, username=<alice>, lifetime=600\n';

const base = { files: ['-'], format: 'human', failOn: 'error' } as const;
const run = async (options: object, text: string) => {
  const io = fakeIo({}, text);
  const exitCode = await runLogs({ ...base, ...options }, io);
  return { exitCode, stdout: io.printed.stdout };
};
const usersOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line).user);

describe('turnctl logs', () => {
  test('for a person: what covers it, the cause, the first call against later ones', async () => {
    const { exitCode, stdout } = await run({}, NEWER);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('3 sessions: 2 with an allocation, 1 refused; above all 486 quota');
    expect(stdout).toContain('1 of 2 users failed at the first session');
    expect(stdout).toContain('0 of 1 later session failed');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('the first call is not told from some of the sessions of a user', async () => {
    for (const filter of [{ session: '1' }, { error: 486 }])
      expect((await run(filter, NEWER)).stdout).not.toContain('failed at the first session');
    expect((await run({ user: 'carol' }, NEWER)).stdout).toContain('1 of 1 user failed at the first');
  });

  test('who never spoke TURN was not refused', async () => {
    const silent = `${T(1)} closed (2nd stage), user <> realm <r> origin <>, local 192.0.2.1:5349, remote 198.51.100.9:4000, reason: SSL read error (session 000000000000000009)\n`;
    expect((await run({}, NEWER + silent)).stdout.replace(/\s+/g, ' ')).toContain(
      '1 refused, 1 without TURN; above all',
    );
  });

  test('an error of another code is told with it', async () => {
    const said = NEWER.replaceAll('486: Allocation Quota Reached', '440: Address Family not Supported');
    expect((await run({}, said)).stdout).toContain('1 × error 440 Address Family not Supported');
  });

  test('--fail-on never, and a log without errors, end with 0', async () => {
    expect((await run({ failOn: 'never' }, NEWER)).exitCode).toBe(0);
    expect((await run({}, OLDER)).exitCode).toBe(0);
  });

  test('--json is one document as the schema promises', async () => {
    const { stdout } = await run({ json: true }, NEWER);
    expect(reportFaults(stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ command: 'logs', log: { sessionCount: 3, starts: 0 } });
    expect(reportFaults((await run({ json: true }, OLDER)).stdout)).toEqual([]);
    expect(reportFaults((await run({ json: true }, '')).stdout)).toEqual([]);
  });

  test('--jsonl is a line for each session', async () => {
    expect(usersOf((await run({ jsonl: true }, NEWER)).stdout)).toEqual([
      '1795530284:carol',
      '1795530999:carol',
      'bob',
    ]);
  });

  const filters = [
    [{ user: 'carol' }, ['1795530284:carol', '1795530999:carol']],
    [{ user: '1795530999:carol' }, ['1795530999:carol']],
    [{ session: '3' }, ['bob']],
    [{ session: '000000000000000003' }, ['bob']],
    [{ error: true }, ['1795530284:carol']],
    [{ error: 486 }, ['1795530284:carol']],
    [{ error: 401 }, []],
    // It began at 13:10 and ended at 13:11.
    [{ since: '2026-11-24T13:10:30Z' }, ['1795530999:carol', 'bob']],
    [{ until: '2026-11-24T13:10:30Z' }, ['1795530284:carol', '1795530999:carol']],
    [{ since: '2026-11-24T13:05:00Z' }, ['1795530999:carol', 'bob']],
    [{ since: '2026-11-24 13:05', until: '2026-11-24 13:15' }, ['1795530999:carol']],
  ] as const;
  for (const [filter, users] of filters) {
    test(`${JSON.stringify(filter)} leaves ${users.length}`, async () =>
      expect(usersOf((await run({ ...filter, jsonl: true }, NEWER)).stdout)).toEqual(users));
  }

  test('--error 401 is of those who were refused, not of those who were asked', async () => {
    const challenged = `${T(30)} realm <r> user <>: incoming packet message processed, error 401: Unauthorized (session 000000000000000004)\n`;
    const refused = `${T(31)} realm <r> user <eve>: incoming packet message processed, error 401: Unauthorized (session 000000000000000005)\n`;
    const { stdout } = await run({ error: 401, jsonl: true }, NEWER + challenged + refused);
    expect(usersOf(stdout)).toEqual(['eve']);
  });

  test('counts are of the sessions that were asked for', async () => {
    const { stdout } = await run({ json: true, user: 'bob' }, NEWER);
    expect(JSON.parse(stdout).log).toMatchObject({
      sessionCount: 1,
      counts: [],
      sessions: [{ user: 'bob' }],
    });
  });

  test('of more sessions than a report holds it has the last, oldest first', async () => {
    const all = Array.from({ length: 2_345 }, (_, i) => {
      const session = `(session ${String(i).padStart(18, '0')})`;
      return `${T(1)} allocation new, realm=<r>, username=<u${i}>, lifetime=600 ${session}\n${T(2)} closed (2nd stage), user <u${i}> realm <r> origin <>, local 192.0.2.1:3478, remote 198.51.100.1:4000, reason: allocation timeout ${session}\n`;
    });
    for (const count of [999, 1_000, 1_001, 2_345]) {
      const { log } = JSON.parse((await run({ json: true }, all.slice(0, count).join(''))).stdout);
      const listed = log.sessions.map(({ user }: { user: string }) => user);
      const first = Math.max(0, count - 1_000);
      expect(listed).toEqual(Array.from({ length: count - first }, (_, i) => `u${first + i}`));
      expect(log).toMatchObject({ sessionCount: count, sessionsLeftOut: first });
    }
  });

  test('--since cannot be told from seconds after the start, and that is said', () =>
    expect(run({ since: '1h' }, OLDER)).rejects.toThrow('only count seconds since coturn started'));

  test('what says nothing of calls is said to be so', async () => {
    const quiet =
      '0: : Listener address to use: 192.0.2.1\n0: : ERROR: check_stun_auth: user a credentials are incorrect\n';
    expect((await run({}, quiet)).stdout.replaceAll(/\s+/g, ' ')).toContain(
      'verbose is off, or no client came',
    );
    expect((await run({}, '')).stdout).toContain('The log is empty');
  });

  test('what is no log of coturn is not told as a quiet one', async () => {
    for (const text of ['hello\nworld\n', '\0'.repeat(5_000), 'x'.repeat(1_000_000)]) {
      const { exitCode, stdout } = await run({}, text);
      expect(stdout).toContain('Nothing in standard input is a line of coturn');
      expect(exitCode).toBe(3);
    }
  });

  test('the histogram has a bar for each span, as long as it has sessions, and marks those refused', async () => {
    const { stdout } = await run({}, NEWER);
    const bars = [...stdout.matchAll(/^(2026-11-24 13:\d\d) +(\d+) ?(.*)$/gm)].map(([, at, count, bar]) => [
      at,
      count,
      bar,
    ]);
    expect(bars.filter(([, count]) => count !== '0').map(([at, count]) => [at, count])).toEqual([
      ['2026-11-24 13:00', '1'],
      ['2026-11-24 13:10', '1'],
      ['2026-11-24 13:20', '1'],
    ]);
    const full = bars.filter(([, count]) => count === '1').map(([, , bar = '']) => bar);
    expect(new Set(full.map(bar => bar.length)).size).toBe(1);
    expect(full.map(bar => new Set(bar).size)).toEqual([1, 1, 1]);
    expect(full[0]).not.toBe(full[1]);
    expect(full[1]).toBe(full[2]);
    const { histogram } = JSON.parse((await run({ json: true }, NEWER)).stdout).log;
    expect(histogram.buckets.filter(({ sessions }: { sessions: number }) => sessions > 0)).toEqual([
      { from: '2026-11-24T13:00:00.000Z', sessions: 1, failed: 1 },
      { from: '2026-11-24T13:10:00.000Z', sessions: 1, failed: 0 },
      { from: '2026-11-24T13:20:00.000Z', sessions: 1, failed: 0 },
    ]);
  });

  test('nothing in a log drives the terminal', async () => {
    const { stdout } = await run({}, OLDER.replace('alice', 'a\x1b[31mb'));
    expect(stdout).not.toContain('\x1b');
    expect((await run({ jsonl: true }, OLDER.replace('alice', 'a\x9bb'))).stdout).not.toMatch(/[\x80-\x9f]/);
  });

  test('guessing, reflection and a look at the cloud are named', async () => {
    const guess = (i: number) => {
      const session = `session ${String(i).padStart(18, '0')}`;
      return `3: : ERROR: check_stun_auth: Cannot find credentials of user <u${i}>\n3: : ${session}: realm <r> user <u${i}>: incoming packet message processed, error 401: Unauthorized\n3: : ${session}: closed (2nd stage), user <u${i}> realm <r> origin <>, local 192.0.2.1:3478, remote 203.0.113.5:${4000 + i}, reason: allocation watchdog determined stale session state\n`;
    };
    const asked = (i: number) => {
      const session = `session 001${String(i).padStart(15, '0')}`;
      return `3: : ${session}: realm <r> user <>: incoming packet message processed, error 401: Unauthorized\n3: : ${session}: closed (2nd stage), user <> realm <r> origin <>, local 192.0.2.1:3478, remote 203.0.113.6:${4000 + i}, reason: allocation watchdog determined stale session state\n`;
    };
    const metadata =
      '3: : ERROR: A peer IP 169.254.169.254 denied in the range: 169.254.0.0-169.254.255.255\n';
    const many = (count: number, line: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => line(i)).join('');
    const { stdout } = await run({ json: true }, many(25, guess) + many(250, asked) + metadata);
    const found = JSON.parse(stdout).log.abuse.map(({ kind, who, count }: never) => [kind, who, count]);
    expect(found).toEqual([
      ['reflection', '203.0.113.6', 250],
      ['brute-force', '203.0.113.5', 25],
      ['peer-scan', '169.254.169.254', 1],
    ]);
    const few = JSON.parse((await run({ json: true }, many(5, guess) + many(50, asked))).stdout);
    expect(few.log.abuse).toEqual([]);
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'turnctl-logs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are read oldest first, gzipped ones too, and a session goes on from one to the next', async () => {
    const [first = '', second = ''] = call(1, 1, 'alice').split(/(?<=\n)/);
    const [plain, rotated] = [join(folder, 'turn.log'), join(folder, 'turn.log.1.gz')];
    writeFileSync(plain, second);
    writeFileSync(rotated, gzipSync(first));
    utimesSync(rotated, 1, 1);
    const io = { ...fakeIo(), host: localHost() };
    await runLogs({ ...base, files: [plain, rotated], json: true }, io);
    const { log } = JSON.parse(io.printed.stdout);
    expect(log.sources).toEqual([rotated, plain]);
    expect(log.sessions).toMatchObject([{ user: 'alice', durationSeconds: 60, client: '198.51.100.1:4000' }]);
  });

  test('--since of a log without times is refused at once, not when following ends', async () => {
    const path = join(folder, 'old.log');
    writeFileSync(
      path,
      `${OLDER}${OLDER.replace('new, ', 'closed (2nd stage), user <alice> realm <r> origin <>, local 192.0.2.1:3478, remote 198.51.100.1:4000, reason: allocation timeout')}`,
    );
    const io = { ...fakeIo(), host: localHost() };
    const following = runLogs({ ...base, files: [path], follow: true, since: '1h' }, io);
    await expect(following).rejects.toThrow('only count seconds since coturn started');
  });

  test('the report does not take the place of a log', () =>
    expect(run({ files: ['/x/a.log'], output: '/x/../x/a.log' }, '')).rejects.toThrow(/would overwrite/));

  test('what cannot be followed is refused', async () => {
    await expect(run({ follow: true }, '')).rejects.toThrow('--follow takes one file');
  });
});

test('journal and container are printed by their own programs, with times', () => {
  const journal = { kind: 'journal', unit: 'coturn.service', syslogOnly: false } as const;
  const syslog = { ...journal, syslogOnly: true };
  const container = { kind: 'container', engine: 'podman', name: 'turn' } as const;
  const common = '--unit=coturn.service --output=short-iso-precise --no-pager --quiet';
  expect(
    [journal, syslog, container].flatMap(source =>
      [false, true].map(on => printingLog(source, on).join(' ')),
    ),
  ).toEqual([
    `journalctl ${common}`,
    `journalctl ${common} --follow --no-tail`,
    `journalctl ${common} _TRANSPORT=syslog`,
    `journalctl ${common} --follow --no-tail _TRANSPORT=syslog`,
    'podman logs --timestamps turn',
    'podman logs --timestamps --follow turn',
  ]);
});

test('times are ISO, or that long ago', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const iso = (text: string) => new Date(momentOf('--since', text, now)).toISOString();
  expect(iso('2h')).toBe('2026-11-24T10:00:00.000Z');
  expect(iso('3d')).toBe('2026-11-21T12:00:00.000Z');
  expect(iso('2026-11-24')).toBe('2026-11-24T00:00:00.000Z');
  expect(iso('2026-11-24 10:30')).toBe('2026-11-24T10:30:00.000Z');
  expect(iso('2026-11-24T10:30:00+01:00')).toBe('2026-11-24T09:30:00.000Z');
  for (const text of ['yesterday', '12', '2026-13-45', '']) expect(() => iso(text)).toThrow('is no time');
  expect(() => filterOf({ ...base, session: 'abc' }, now)).toThrow('is no session');
});

test('flags reach the run', async () => {
  const seen: unknown[] = [];
  const command = new Command();
  register(
    command,
    fakeIo(),
    () => {},
    async options => seen.push(options),
  );
  await command.parseAsync(['a.log', 'b.log', '--error', '--jsonl', '--since', '1h'], { from: 'user' });
  expect(seen).toMatchObject([
    { files: ['a.log', 'b.log'], error: true, jsonl: true, since: '1h', failOn: 'error' },
  ]);
});
