import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLogFile, gatherLog, logFilePattern } from '../../src/facts/log.ts';
import { gatherLogLines } from '../../src/facts/log-lines.ts';
import { localHost } from '../../src/host/local.ts';
import { known, unknown } from '../../src/model/fact.ts';
import type { LogFact } from '../../src/model/facts.ts';
import { survey, unit } from '../support/survey.ts';

const host = localHost();
const toFile = (path: string | null, dated = true) =>
  ({ kind: 'file', path, dated, copiedToStdout: true }) as const;
const stopped = { ...unit, mainPid: null };

/** Names that coturn 4.6.1 really made of these values. */
const names = [
  { path: '/var/log/turn.log', dated: true, file: '/var/log/turn_2026-11-23.log' },
  { path: '/var/log/turn.txt', dated: true, file: '/var/log/turn_2026-11-23.txt' },
  { path: '/var/log/b.', dated: true, file: '/var/log/b_2026-11-23.log' },
  { path: '/var/log/noext', dated: true, file: '/var/log/noext_2026-11-23.log' },
  { path: '/var/log/tt/', dated: true, file: '/var/log/tt/2026-11-23.log' },
  { path: '/var/log/a.b.log', dated: false, file: '/var/log/a.b.log' },
  { path: 'turn.log', dated: true, file: '/srv/turn_2026-11-23.log' },
];
for (const { path, dated, file } of names) {
  test(`${path} is written as ${file}`, () => {
    expect(file).toMatch(logFilePattern(path, dated));
    expect(`${file}x`).not.toMatch(logFilePattern(path, dated));
  });
}

describe('findLogFile', () => {
  const others = ['/dev/null', 'socket:[45583]', '/var/lib/turn/turndb', 'pipe:[7]'];
  const cases = [
    {
      open: ['/var/log/turn_2026-11-23.log'],
      path: '/var/log/turn.log',
      expected: '/var/log/turn_2026-11-23.log',
    },
    {
      open: ['/var/tmp/turn_295_2026-11-23.log'],
      path: '/nodir/x.log',
      expected: '/var/tmp/turn_295_2026-11-23.log',
    },
    { open: ['/var/log/turn_295_2026-11-23.log'], path: null, expected: '/var/log/turn_295_2026-11-23.log' },
    { open: ['/srv/turn_295_2026-11-23.log'], path: null, expected: '/srv/turn_295_2026-11-23.log' },
    {
      open: ['/var/log/turn_2026-11-23.log.1'],
      path: '/var/log/turn.log',
      expected: '/var/log/turn_2026-11-23.log.1',
    },
    {
      open: ['/var/log/turn_2026-11-23.log (deleted)'],
      path: '/var/log/turn.log',
      expected: '/var/log/turn_2026-11-23.log (deleted)',
    },
    { open: [], path: '/var/log/turn.log', expected: null },
  ];
  for (const { open, path, expected } of cases) {
    test(`${path} with ${open[0]}`, () =>
      expect(findLogFile([...others, ...open], toFile(path))).toBe(expected));
  }
});

describe('a service that does not run', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync('/var/tmp/turnctl-log-');
    chmodSync(folder, 0o755);
    for (const name of [
      'turn_2026-11-21.log',
      'turn_2026-11-22.log',
      'turn_2026-11-20.log',
      'turn_old.log',
    ]) {
      writeFileSync(join(folder, name), `0: : ${name}\nstatic-auth-secret=north\n`);
    }
    utimesSync(join(folder, 'turn_2026-11-22.log'), 2e9, 2e9);
    mkdirSync(join(folder, 'own'));
    chmodSync(join(folder, 'own'), 0o777);
    writeFileSync(join(folder, 'simple.log'), '');
    chmodSync(join(folder, 'simple.log'), 0o666);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const log = async (wanted: Parameters<typeof gatherLog>[2], of = stopped) => {
    const fact = await gatherLog(host, survey({ units: [of] }), wanted);
    if (!fact.known) throw new Error(fact.reason);
    return fact.value;
  };

  test('the newest file that fits, and whether a new one can be written', async () => {
    expect(await log(toFile(join(folder, 'turn.log')))).toEqual({
      destination: 'file',
      configured: join(folder, 'turn.log'),
      actual: join(folder, 'turn_2026-11-22.log'),
      folderWritable: false,
    });
    expect(await log(toFile(join(folder, 'own/turn.log')))).toMatchObject({ folderWritable: true });
  });

  test('an existing file of a fixed name need not have a writable folder', async () => {
    expect(await log(toFile(join(folder, 'simple.log'), false))).toMatchObject({ folderWritable: true });
    expect(await log(toFile(join(folder, 'absent.log'), false))).toMatchObject({ folderWritable: false });
  });

  const elsewhere = [
    { kind: 'syslog', output: 'journal', destination: 'syslog' },
    { kind: 'stdout', output: 'journal', destination: 'journal' },
    { kind: 'stdout', output: 'null', destination: 'nowhere' },
  ] as const;
  for (const { kind, output, destination } of elsewhere) {
    test(`${kind} with StandardOutput=${output} goes to ${destination}`, async () => {
      const wanted = { kind, path: null, dated: false, copiedToStdout: true };
      expect(await log(wanted, { ...stopped, standardOutput: output })).toMatchObject({
        destination,
        actual: null,
        folderWritable: null,
      });
    });
  }

  const fileLog = (actual: string | null): LogFact => ({
    destination: 'file',
    configured: null,
    actual,
    folderWritable: null,
  });
  const noService = unknown('no systemd on this host');

  test('the end of a file, without secrets', async () => {
    const source = join(folder, 'turn_2026-11-22.log');
    expect(await gatherLogLines(host, known(fileLog(source)), noService)).toEqual(
      known({ source, lines: ['0: : turn_2026-11-22.log', 'static-auth-secret=***'] }),
    );
  });

  test('no more than the last lines, each whole', async () => {
    const source = join(folder, 'own/long.log');
    writeFileSync(source, Array.from({ length: 20_000 }, (_, i) => `${i}: : session\n`).join(''));
    const lines = await gatherLogLines(host, known(fileLog(source)), noService);
    expect(lines).toMatchObject({
      value: { lines: { length: 200, 0: '19800: : session', 199: '19999: : session' } },
    });
  });

  const reasons = [
    { log: known(fileLog(null)), reason: 'no log file of coturn was found' },
    { log: known(fileLog('/dev/zero')), reason: '/dev/zero is no file that can be read' },
    {
      log: known({ ...fileLog('/a.log'), deleted: true as const }),
      reason: '/a.log was deleted while coturn writes into it',
    },
    {
      log: known({ ...fileLog(null), destination: 'nowhere' as const }),
      reason: 'the output of the service is discarded',
    },
    { log: known({ ...fileLog(null), destination: 'journal' as const }), reason: 'no systemd on this host' },
    { log: unknown('why'), reason: 'why' },
  ];
  for (const { log: of, reason } of reasons) {
    test(`unknown: ${reason}`, async () =>
      expect(await gatherLogLines(host, of, noService)).toEqual({ known: false, reason }));
  }
});
