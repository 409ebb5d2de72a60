import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatherHostFacts } from '../../src/facts/host-facts.ts';
import { servedBy, surveyHost } from '../../src/facts/survey.ts';
import { readContainers } from '../../src/host/docker.ts';
import { localHost } from '../../src/host/local.ts';
import { readProcesses } from '../../src/host/procfs.ts';
import { readSockets } from '../../src/host/sockets.ts';
import { readUnits } from '../../src/host/systemd.ts';
import { startCoturn } from '../support/coturn.ts';
import { fixedHost } from '../support/fixed-host.ts';
import { process as someProcess, survey } from '../support/survey.ts';

test('a real turnserver started by hand', async () => {
  const coturn = await startCoturn();
  try {
    const { processes } = await surveyHost(localHost());
    const found = processes.known ? processes.value.find(({ pid }) => pid === coturn.pid) : undefined;
    expect(found).toMatchObject({ uid: process.getuid?.(), unit: null, contained: false, sameNetwork: true });
    expect(found?.argv).toContain(coturn.configPath);
    expect(Date.parse(found?.startedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    const sockets = await readSockets(localHost());
    expect(sockets).toMatchObject({
      value: expect.arrayContaining([
        { protocol: 'udp', ip: coturn.ip, port: coturn.port, program: 'turnserver', pid: coturn.pid },
      ]),
    });
  } finally {
    await coturn.stop();
  }
});

test('of a file that was asked for, processes of other files are none of its own', () => {
  const started = (...argv: string[]) => ({ ...someProcess, argv: ['turnserver', ...argv] });
  const mine = started('-c', '/srv/a.conf');
  const inside = started('-c', '/etc/a.conf');
  const unnamed = started('--syslog');
  const other = started('-c', '/srv/b.conf');
  const of = (...processes: (typeof other)[]) => servedBy(survey({ processes }), '/srv/a.conf').processes;
  expect(of(other, inside, unnamed)).toEqual({ known: true, value: [inside, unnamed] });
  expect(of(other, inside, mine, unnamed)).toEqual({ known: true, value: [mine] });
});

test('of two real ones, the log is of the one whose file was asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-two-'));
  const logOf = (name: string) => join(folder, `${name}.log`);
  const start = (name: string) => startCoturn({ lines: [`log-file=${logOf(name)}`, 'simple-log'] });
  const [first, second] = [await start('first'), await start('second')];
  try {
    for (const [coturn, name] of [
      [first, 'first'],
      [second, 'second'],
    ] as const) {
      const { facts } = await gatherHostFacts({ host: localHost(), configPath: coturn.configPath });
      expect(facts.log).toMatchObject({ known: true, value: { destination: 'file', actual: logOf(name) } });
    }
  } finally {
    await Promise.all([first.stop(), second.stop()]);
    rmSync(folder, { recursive: true });
  }
});

test('hidden processes are unknown, not absent', async () => {
  expect(await readProcesses(fixedHost({ directories: { '/proc': ['4000', 'self'] } }))).toMatchObject({
    known: false,
    reason: expect.stringContaining('hidepid'),
  });
});

const socket = '/var/run/docker.sock';
const podman = '/run/podman/podman.sock';
const list = 'docker ps --all --quiet --no-trunc';
const denied = {
  exitCode: 1,
  stderr: 'permission denied while trying to connect to the Docker daemon socket\n',
};
const engines = [
  { name: 'no engine', host: fixedHost({ absent: [socket, podman] }), expected: { known: true, value: [] } },
  {
    name: 'an engine without containers',
    host: fixedHost({ present: [socket], absent: [podman], commands: { [list]: '' } }),
    expected: { known: true, value: [] },
  },
  {
    name: 'an engine that does not talk to this user',
    host: fixedHost({ present: [socket], absent: [podman], commands: { [list]: denied } }),
    expected: { known: false, reason: `docker: ${denied.stderr.trim()}` },
  },
];
for (const { name, host, expected } of engines) {
  test(name, async () => expect(await readContainers(host)).toEqual(expected));
}

test('without systemd no unit is asked for', async () => {
  expect(await readUnits(fixedHost({ absent: ['/run/systemd/system'] }), ['coturn.service'])).toEqual({
    known: false,
    reason: 'no systemd on this host',
  });
});
