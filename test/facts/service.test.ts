import { describe, expect, test } from 'vitest';
import { gatherAccounts } from '../../src/facts/accounts.ts';
import { gatherKernel } from '../../src/facts/kernel.ts';
import { processFacts } from '../../src/facts/process.ts';
import { gatherService } from '../../src/facts/service.ts';
import { serviceIdentity, serviceProcess, serviceView } from '../../src/facts/survey.ts';
import { unknown } from '../../src/model/fact.ts';
import { fixedHost } from '../support/fixed-host.ts';
import { container, process, survey, unit } from '../support/survey.ts';

const JOURNAL = 'journalctl --unit=coturn.service --lines=200 --output=short-iso --no-pager';
const line = '2026-11-23T12:55:03+0000 turn turnserver[295]: 0: : static-auth-secret=north';

describe('gatherService', () => {
  test('a unit: its user, its masked command and journal, what its process may', async () => {
    const host = fixedHost({ commands: { [JOURNAL]: `${line}\n` } });
    const told = { ...unit, argv: ['/usr/bin/turnserver', '--static-auth-secret', 'north'] };
    const capable = { ...process, capabilities: ['cap_net_bind_service'] };
    expect(await gatherService(host, survey({ units: [told], processes: [capable] }))).toMatchObject({
      known: true,
      value: {
        manager: 'systemd',
        name: 'coturn.service',
        user: 'turnserver',
        argv: ['/usr/bin/turnserver', '--static-auth-secret', '***'],
        capabilities: ['cap_net_bind_service'],
        journal: { known: true, value: [line.replace('north', '***')] },
      },
    });
  });

  const granted = [
    { user: '', capabilities: ['cap_net_bind_service'] },
    { user: 'turnserver', capabilities: [] },
  ];
  for (const { user, capabilities } of granted) {
    test(`a unit of user ${user || 'root'} grants ${capabilities.length} capabilities`, async () => {
      const host = fixedHost({ commands: { [JOURNAL]: '' } });
      const stopped = { ...unit, user, mainPid: null };
      expect(await gatherService(host, survey({ units: [stopped] }))).toMatchObject({
        value: { capabilities },
      });
    });
  }

  test('a unit that runs is taken before one that only exists', async () => {
    const idle = { ...unit, mainPid: null };
    const running = { ...unit, name: 'turnserver.service', mainPid: 300 };
    const host = fixedHost({ commands: { [JOURNAL.replace('coturn', 'turnserver')]: '' } });
    expect(await gatherService(host, survey({ units: [idle, running] }))).toMatchObject({
      value: { name: 'turnserver.service' },
    });
  });

  test('a container, with both streams of its log in order', async () => {
    const failed = { ...container, running: false, mainPid: null, exitCode: 255 };
    const host = fixedHost({
      commands: {
        'docker logs --timestamps --tail=200 turn': '2026-11-23T12:00:02Z b\n2026-11-23T12:00:01Z a\n',
      },
    });
    expect(await gatherService(host, survey({ containers: [failed] }))).toMatchObject({
      value: {
        manager: 'docker',
        name: 'turn',
        active: 'failed',
        enabled: 'enabled',
        result: 'exit-code',
        user: 'root',
        journal: { value: ['2026-11-23T12:00:01Z a', '2026-11-23T12:00:02Z b'] },
      },
    });
  });

  test('an OpenRC service', async () => {
    const host = fixedHost({
      directories: {
        '/run/openrc/started': ['networking'],
        '/etc/init.d': ['networking', 'turnserver'],
        '/etc/runlevels/default': ['turnserver'],
      },
    });
    const noSystemd = { ...survey({}), units: unknown('no systemd on this host') };
    expect(await gatherService(host, noSystemd)).toMatchObject({
      value: { manager: 'openrc', name: 'turnserver', active: 'inactive', enabled: 'enabled' },
    });
  });

  test('none of them: the reason', async () => {
    const host = fixedHost({ absent: ['/run/openrc/started'] });
    expect(await gatherService(host, survey({}))).toMatchObject({
      known: false,
      reason: expect.stringContaining('no unit'),
    });
    const noSystemd = { ...survey({}), units: unknown('no systemd on this host') };
    expect(await gatherService(host, noSystemd)).toEqual({ known: false, reason: 'no systemd on this host' });
  });
});

describe('whose process it is', () => {
  const byHand = { ...process, pid: 411, unit: null };
  const inside = { ...process, pid: 4711, unit: null, contained: true, container: container.id, cwd: '/srv' };

  test('the unit’s, not one started by hand', () => {
    expect(serviceProcess(survey({ units: [unit], processes: [byHand, process] }))?.pid).toBe(295);
    expect(serviceProcess(survey({ units: [{ ...unit, mainPid: null }], processes: [byHand] }))).toBeNull();
  });

  test('the container’s, whose root is below /proc', () => {
    const told = survey({ containers: [container], processes: [byHand, inside] });
    expect(serviceProcess(told)?.pid).toBe(4711);
    expect(serviceView(told)).toMatchObject({ root: '/proc/4711/root', workingDirectory: '/srv' });
    expect(serviceIdentity(told)).toMatchObject({ value: { name: 'turnserver', uid: 54104 } });
  });

  test('without a service, one started by hand', () => {
    expect(serviceProcess(survey({ processes: [inside, byHand] }))?.pid).toBe(411);
  });

  test('an unknown user of a unit is said', () => {
    expect(serviceIdentity(survey({ units: [{ ...unit, user: 'gone' }] }))).toEqual({
      known: false,
      reason: 'coturn.service runs as gone, a user this host does not know',
    });
    expect(serviceIdentity(survey({}))).toMatchObject({ known: false });
  });
});

test('every turnserver is a fact, without its secrets', () => {
  const second = { ...process, pid: 411, uid: 0, unit: null, argv: ['turnserver', '-u', 'a:north'] };
  expect(processFacts(survey({ processes: [process, second] }))).toMatchObject({
    value: [
      { pid: 295, user: 'turnserver', unit: 'coturn.service' },
      { pid: 411, user: 'root', unit: null, argv: ['turnserver', '-u', 'a:***'] },
    ],
  });
});

test('accounts that the configuration names', async () => {
  const host = fixedHost({ commands: { 'getent group relays': { exitCode: 2, stderr: '' } } });
  const wanted = { procUser: 'turnserver', procGroup: 'relays' };
  expect(await gatherAccounts(host, survey({}), wanted)).toEqual({
    known: true,
    value: { missing: [{ option: 'proc-group', name: 'relays' }] },
  });
  expect(await gatherAccounts(fixedHost({}), survey({}), { procUser: null, procGroup: null })).toEqual({
    known: true,
    value: { missing: [] },
  });
});

const setting = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
const kernels = [
  { name: 'current', host: fixedHost({ files: { [setting]: '443\n' } }), start: 443 },
  { name: 'before 4.11', host: fixedHost({ absent: [setting] }), start: 1024 },
];
for (const { name, host, start } of kernels) {
  test(`kernel ${name}: ports from ${start} are free to all`, async () => {
    expect(await gatherKernel(host)).toEqual({ known: true, value: { unprivilegedPortStart: start } });
  });
}
