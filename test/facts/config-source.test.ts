import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatherConfigFile } from '../../src/facts/config-file.ts';
import { findConfigSource } from '../../src/facts/config-source.ts';
import { localHost } from '../../src/host/local.ts';
import { container, process, survey, unit } from '../support/survey.ts';

const host = localHost();
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync('/var/tmp/turnctl-source-');
  chmodSync(folder, 0o755);
  for (const name of ['own.conf', 'process.conf', 'turnserver.conf']) writeFileSync(at(name), 'realm=a\n');
  chmodSync(at('own.conf'), 0o600);
  writeFileSync(at('defaults'), `# options\nEXTRA_OPTIONS="-c ${at('own.conf')} --syslog"\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('the arguments of the running process beat those of its unit', async () => {
  const running = { ...process, argv: ['/usr/bin/turnserver', '-c', at('process.conf')] };
  expect(await findConfigSource(host, survey({ units: [unit], processes: [running] }))).toEqual({
    path: at('process.conf'),
    hostPath: at('process.conf'),
    foundBy: 'process',
    argv: running.argv,
    because: '-c of the running process 295',
  });
});

test('a stopped unit: its command line with the variables of its environment file', async () => {
  const stopped = {
    ...unit,
    mainPid: null,
    argv: ['turnserver', '-o', '$EXTRA_OPTIONS'],
    environmentFiles: [at('absent'), at('defaults')],
  };
  expect(await findConfigSource(host, survey({ units: [stopped] }))).toMatchObject({
    path: at('own.conf'),
    foundBy: 'unit',
    argv: ['turnserver', '-o', '-c', at('own.conf'), '--syslog'],
    because: '-c of coturn.service',
  });
});

test('a turnserver of another unit says nothing about this one', async () => {
  const other = { ...process, pid: 411, unit: null, argv: ['turnserver', '-c', at('process.conf')] };
  const stopped = { ...unit, mainPid: null, argv: ['turnserver', '-c', at('own.conf')] };
  expect(await findConfigSource(host, survey({ units: [stopped], processes: [other] }))).toMatchObject({
    path: at('own.conf'),
  });
});

test('without -c, coturn’s search path from its working directory', async () => {
  const plain = { ...unit, mainPid: null, argv: ['turnserver'], workingDirectory: folder };
  expect(await findConfigSource(host, survey({ units: [plain] }))).toMatchObject({
    path: at('turnserver.conf'),
    foundBy: 'search-path',
  });
});

test('-n: no file', async () => {
  const none = { ...unit, mainPid: null, argv: ['turnserver', '-n', '-c', at('own.conf')] };
  expect(await findConfigSource(host, survey({ units: [none] }))).toMatchObject({
    path: null,
    hostPath: null,
    foundBy: 'unit',
  });
});

test('a container: the file an operator mounted, else the one inside', async () => {
  const mounted = { ...container, mounts: [{ source: folder, destination: '/etc/coturn' }] };
  expect(await findConfigSource(host, survey({ containers: [mounted] }))).toMatchObject({
    path: '/etc/coturn/turnserver.conf',
    hostPath: at('turnserver.conf'),
    foundBy: 'container',
  });
  const inside = {
    ...process,
    pid: 4711,
    contained: true,
    unit: null,
    container: container.id,
    argv: ['turnserver', '-c', '/c'],
  };
  expect(
    await findConfigSource(host, survey({ containers: [container], processes: [inside] })),
  ).toMatchObject({
    path: '/c',
    hostPath: '/proc/4711/root/c',
  });
});

test('a unit that starts a container is asked through the container', async () => {
  const wrapper = { ...unit, argv: ['/usr/bin/docker', 'run', 'coturn/coturn'] };
  expect(await findConfigSource(host, survey({ units: [wrapper], containers: [container] }))).toMatchObject({
    foundBy: 'container',
  });
});

test('the file as the service’s user finds it', async () => {
  const told = survey({ units: [unit] });
  expect(
    await gatherConfigFile(host, told, { path: at('own.conf'), hostPath: at('own.conf') }),
  ).toMatchObject({
    known: true,
    value: {
      owner: 'root',
      group: 'root',
      mode: 0o600,
      readableByService: false,
      blockedAt: at('own.conf'),
      blockedBecause: 'turnserver may not read it',
    },
  });
  expect(
    await gatherConfigFile(host, told, { path: at('process.conf'), hostPath: at('process.conf') }),
  ).toMatchObject({
    value: { mode: 0o644, readableByService: true },
  });
  expect(await gatherConfigFile(host, told, { path: at('absent'), hostPath: at('absent') })).toMatchObject({
    value: { missing: true, readableByService: false, blockedAt: at('absent') },
  });
  expect(
    await gatherConfigFile(host, survey({}), { path: at('own.conf'), hostPath: at('own.conf') }),
  ).toMatchObject({
    value: { readableByService: null },
  });
  expect(await gatherConfigFile(host, told, { path: null, hostPath: null })).toMatchObject({ known: false });
});
