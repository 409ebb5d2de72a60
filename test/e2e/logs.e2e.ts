import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { LogSection, LogSession } from '../../src/model/log-report.ts';
import { labAvailable } from '../lab/available.ts';
import { callOnce } from '../lab/call-once.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { type NewerCoturn, newerCoturn } from '../lab/coturn-newer.ts';
import { followLogs } from '../lab/followed-logs.ts';
import { holdAllocations } from '../lab/held-allocations.ts';
import { PROGRAM, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();
const newer = available === true ? newerCoturn() : available;

/** Two allocations, then a restart with other lines, and what turnctl finds by itself. */
async function logOf(lab: CoturnLab, lines: readonly string[], ...argv: string[]) {
  await restartCoturn(lab.host, lines);
  const held = await holdAllocations(lab.out, { ip: '203.0.113.10', port: 3478, secret: SECRET, count: 2 });
  await held.close();
  const { exitCode, stdout, stderr } = await turnctl(lab.host, ['logs', '--json', ...argv]);
  expect({ start: stdout.slice(0, 1), stderr }).toEqual({ start: '{', stderr });
  expect(stdout).not.toContain(SECRET);
  const { verdict, log } = JSON.parse(stdout) as { verdict: { headline: string }; log: LogSection };
  return { exitCode, headline: verdict.headline, log };
}

const TO_A_FILE = /^(?:log-file|simple-log)/;
const rest = SOUND.filter(line => !TO_A_FILE.test(line));

const versions: readonly { name: string; layer: () => string | undefined; there: true | string }[] = [
  { name: 'coturn 4.6.1', layer: () => undefined, there: available },
  {
    name: 'a newer coturn',
    layer: () => (newer as NewerCoturn).root,
    there: typeof newer === 'string' ? newer : true,
  },
];

for (const { name, layer, there } of versions) {
  describe.skipIf(there !== true)(`logs of ${name}${there === true ? '' : ` (${there})`}`, () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      const root = layer();
      lab = await startCoturnLab(root === undefined ? {} : { layer: root });
    });
    afterAll(() => lab?.close());

    const places: readonly (readonly [what: string, lines: readonly string[], source: RegExp])[] = [
      ['a file', SOUND, /^\/var\/log\/turnserver\/turn\.log$/],
      [
        'a file with the date in its name',
        [...rest, 'log-file=/var/log/turnserver/dated.log'],
        /^\/var\/log\/turnserver\/dated_\d{4}-\d\d-\d\d\.log$/,
      ],
      [
        'the private /tmp of its unit',
        [...rest, 'simple-log', 'log-file=/tmp/turn.log'],
        /systemd-private-.*\/tmp\/turn\.log$/,
      ],
      ['syslog', [...rest, 'syslog'], /^journal of coturn\.service$/],
    ];
    for (const [what, lines, source] of places) {
      test(`${what} is found, and both sessions are in it`, async () => {
        const { log } = await logOf(lab, lines);
        expect(log.sources).toHaveLength(1);
        expect(log.sources[0]).toMatch(source);
        const last = Math.max(...log.sessions.map(({ run }) => run));
        const made = log.sessions.filter(
          ({ run, relayed, lifetimeSeconds }) =>
            run === last && lifetimeSeconds !== null && relayed.length > 0,
        );
        expect(made.map(({ relayed }) => relayed[0]?.split(':')[0])).toEqual([
          '203.0.113.10',
          '203.0.113.10',
        ]);
        expect(log.verbose).toBe(true);
      });
    }

    test('the journal has times, so that --since works', async () => {
      const recent = await logOf(lab, [...rest, 'syslog'], '--since', '10m');
      expect(recent.log.sessionCount).toBeGreaterThanOrEqual(2);
      const { stdout } = await turnctl(lab.host, ['logs', '--json', '--until', '2020-01-01']);
      expect(JSON.parse(stdout).log.sessionCount).toBe(0);
    });

    describe('--follow', () => {
      const isNew = (startedMs: number, ending: LogSession['ending']) => (session: LogSession) =>
        session.ending === ending &&
        session.relayed.length > 0 &&
        (session.started.at === null || Date.parse(session.started.at) >= startedMs);
      const server = { ip: '203.0.113.10', port: 3478, secret: SECRET };

      test('of the journal goes on through a restart, and leaves nothing behind', async () => {
        await restartCoturn(lab.host, [...rest, 'syslog']);
        const startedMs = Date.now();
        const logs = followLogs(lab.host, []);
        await callOnce(lab.out, server);
        const first = await logs.session(isNew(startedMs, 'deleted'));
        const held = await holdAllocations(lab.out, { ...server, count: 1 });
        await restartCoturn(lab.host, [...rest, 'syslog']);
        held.close();
        const cut = await logs.session(isNew(startedMs, 'restart'));
        expect(cut.run).toBe(first.run);
        await callOnce(lab.out, server);
        await logs.session(session => session.run === first.run + 1 && isNew(startedMs, 'deleted')(session));
        expect(await logs.interrupt()).toBe(0);
        expect(logs.stderr()).toBe('');
        expect((await lab.host.exec(['pgrep', '-x', 'journalctl'])).stdout).toBe('');
        // Killed, it takes journalctl with it: nobody reads what that would print.
        const killed = followLogs(lab.host, []);
        await killed.session(isNew(startedMs, 'restart'));
        await killed.interrupt('KILL');
        await vi.waitFor(
          async () => expect((await lab.host.exec(['pgrep', '-x', 'journalctl'])).stdout).toBe(''),
          { timeout: 30_000, interval: 100 },
        );
      }, 120_000);

      test('of a file goes on when logrotate renames or empties it', async () => {
        const path = '/var/log/turnserver/followed.log';
        await restartCoturn(lab.host, [...rest, 'simple-log', `log-file=${path}`]);
        const logs = followLogs(lab.host, []);
        const deleted = () => logs.sessions.filter(isNew(0, 'deleted'));
        const callAndSee = async (count: number) => {
          await callOnce(lab.out, server);
          await logs.session(() => deleted().length === count);
        };
        await callAndSee(1);
        await lab.host.must(['mv', path, `${path}.1`]);
        // Until it is told, coturn writes where it did.
        await callAndSee(2);
        await lab.host.must(['systemctl', 'kill', '--signal=HUP', 'coturn']);
        await vi.waitFor(() => lab.host.must(['test', '-e', path]), { timeout: 30_000, interval: 50 });
        await callAndSee(3);
        await lab.host.must(['cp', path, `${path}.2`]);
        await lab.host.must(['truncate', '--size=0', path]);
        await callAndSee(4);
        expect(new Set(deleted().map(({ id }) => id)).size).toBe(4);
        expect(await logs.interrupt()).toBe(0);
        expect(logs.stderr()).toBe('');
      }, 120_000);

      test('of a file with the date in its name goes on in the one of the next day', async () => {
        const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
        const [today, yesterday] = [day(Date.now()), day(Date.now() - 86_400_000)];
        const dropIn = '/etc/systemd/system/coturn.service.d/midnight.conf';
        // The loader knows what $LIB is on this machine.
        const preload = '/usr/$LIB/faketime/libfaketimeMT.so.1';
        await lab.host.must(['mkdir', '-p', '/etc/systemd/system/coturn.service.d']);
        lab.host.writeFile(
          dropIn,
          `[Service]\nEnvironment=TZ=UTC LD_PRELOAD=${preload} FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DISABLE_SHM=1 "FAKETIME=@${yesterday} 23:59:45"\n`,
        );
        onTestFinished(async () => {
          await lab.host.must(['rm', dropIn]);
          await lab.host.must(['systemctl', 'daemon-reload']);
        });
        await lab.host.must(['systemctl', 'daemon-reload']);
        await restartCoturn(lab.host, [...rest, 'log-file=/var/log/turnserver/night.log']);
        const pathOf = (date: string) => `/var/log/turnserver/night_${date}.log`;
        await vi.waitFor(() => lab.host.must(['test', '-e', pathOf(yesterday)]), {
          timeout: 30_000,
          interval: 50,
        });
        const logs = followLogs(lab.host, [pathOf(yesterday)]);
        await callOnce(lab.out, server);
        await logs.session(isNew(0, 'deleted'));
        await vi.waitFor(() => lab.host.must(['test', '-e', pathOf(today)]), {
          timeout: 60_000,
          interval: 100,
        });
        await callOnce(lab.out, server);
        await logs.session(() => logs.sessions.filter(isNew(0, 'deleted')).length === 2);
        const written = (id: string, date: string) => lab.host.readFile(pathOf(date)).includes(id);
        const ids = logs.sessions.filter(isNew(0, 'deleted')).map(({ id }) => id);
        expect([yesterday, today].map(date => ids.map(id => written(id, date)))).toEqual([
          [true, false],
          [false, true],
        ]);
        expect(await logs.interrupt()).toBe(0);
      }, 180_000);
    });

    test('without verbose it says that nothing of a call was logged', async () => {
      const lines = rest.filter(line => line !== 'verbose');
      const { headline, exitCode, log } = await logOf(lab, [
        ...lines,
        'simple-log',
        'log-file=/var/log/turnserver/quiet.log',
      ]);
      expect(log.verbose).toBe(false);
      expect(headline).toContain('Nothing of any call was logged: verbose is off');
      expect(exitCode).toBe(0);
    });
  });
}

test('--follow prints sessions as they end, and Ctrl-C ends it with its report', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-follow-'));
  const path = join(folder, 'turn.log');
  writeFileSync(path, '');
  const child = spawn(PROGRAM[0] as string, [...PROGRAM.slice(1), 'logs', '--follow', '--jsonl', path]);
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const session = (id: number) =>
      `1: : session 00000000000000000${id}: new, realm=<r>, username=<u${id}>, lifetime=600\n` +
      `1: : session 00000000000000000${id}: closed (2nd stage), user <u${id}> realm <r> origin <>, local 192.0.2.1:3478, remote 198.51.100.1:4000, reason: allocation timeout\n`;
    for (const id of [1, 2]) {
      appendFileSync(path, session(id));
      const { value } = await lines.next();
      expect(JSON.parse(value)).toMatchObject({ user: `u${id}`, ending: 'timeout' });
    }
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
