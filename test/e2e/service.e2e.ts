import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Check } from '../../src/model/report.ts';
import type { ServiceAction, ServiceState } from '../../src/model/service-state.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { type NewerCoturn, newerCoturn } from '../lab/coturn-newer.ts';
import { type HeldAllocations, holdAllocations } from '../lab/held-allocations.ts';
import { turnctl } from '../lab/turnctl.ts';
import { reportFaults } from '../support/report-readers.ts';

const available = labAvailable();
const newer = available === true ? newerCoturn() : available;

const RENEW =
  'cd /etc/coturn && openssl x509 -req -in turn.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 60 -extfile extensions -out turn.pem';
/** A program that holds a port, told apart from coturn by its name. */
const HOLD = `require('net').createServer().listen({ port: 3478, host: '203.0.113.10' })`;

interface Printed {
  readonly verdict: { readonly headline: string };
  readonly checks: readonly Check[];
  readonly service: { readonly state: ServiceState; readonly action?: ServiceAction };
}

async function hold(lab: CoturnLab, count: number): Promise<HeldAllocations> {
  const allocations = await holdAllocations(lab.out, {
    ip: '203.0.113.10',
    port: 3478,
    secret: SECRET,
    count,
  });
  expect(allocations.count).toBe(count);
  return allocations;
}

/** Runs `turnctl service` on the host, and holds what it prints to the schema. */
async function service(lab: CoturnLab, ...argv: string[]) {
  const { exitCode, stdout, stderr } = await turnctl(
    lab.host,
    ['service', ...argv, '--json'],
    lab.trust.onHost,
  );
  expect({ stdout: stdout.slice(0, 1), stderr }).toEqual({ stdout: '{', stderr });
  expect(reportFaults(stdout)).toEqual([]);
  expect(stdout).not.toContain(SECRET);
  const { verdict, checks, service: section } = JSON.parse(stdout) as Printed;
  return { exitCode, stderr, headline: verdict.headline, checks, ...section };
}

const pidOf = async ({ host }: CoturnLab): Promise<string> =>
  (await host.must(['systemctl', 'show', '-P', 'MainPID', 'coturn'])).trim();

describe.skipIf(available !== true)(
  `the service of coturn 4.6.1${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      lab = await startCoturnLab();
      await restartCoturn(lab.host, SOUND);
    });
    afterAll(() => lab?.close());

    describe('with 20 calls', () => {
      let calls: HeldAllocations;
      beforeAll(async () => {
        calls = await hold(lab, 20);
      });
      afterAll(() => calls?.close());

      test('status', async () => {
        const { exitCode, state, checks } = await service(lab, 'status');
        expect(exitCode).toBe(0);
        expect(state).toMatchObject({
          manager: 'systemd',
          active: 'active',
          pid: Number(await pidOf(lab)),
          version: { version: '4.6.1', origin: 'running' },
          configuration: {
            value: { path: '/etc/turnserver.conf', foundBy: 'process', changedSinceStart: false },
          },
          allocations: { known: true, value: 20 },
          openFiles: { value: { soft: expect.any(Number) } },
          certificate: { value: { served: [{ same: true }, { same: true }] } },
          privateTmp: true,
        });
        expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      });

      test('restart asks first', async () => {
        const before = await pidOf(lab);
        const { exitCode, stderr } = await turnctl(lab.host, ['service', 'restart'], lab.trust.onHost);
        expect(exitCode).toBe(2);
        expect(stderr).toContain('20 allocations of coturn.service will end');
        expect(await calls.alive()).toBe(20);
        expect(await pidOf(lab)).toBe(before);
      });

      test('restart --yes measures the gap, and says what it cost', async () => {
        const before = await pidOf(lab);
        const { exitCode, action, headline } = await service(lab, 'restart', '--yes');
        expect(exitCode).toBe(0);
        expect(action).toMatchObject({ kind: 'restart', up: true, allocationsLost: 20, problem: null });
        expect(action).toMatchObject({ gap: { request: 'Binding', everyMs: 20, gapMs: expect.any(Number) } });
        expect(headline).toMatch(/answers again: \d+ ms without an answer, 20 allocations lost/);
        expect(await pidOf(lab)).not.toBe(before);
        expect(await calls.alive()).toBe(0);
      });
    });

    describe('what coturn would not survive', () => {
      afterEach(async () => {
        await lab.host.exec(['systemctl', 'stop', 'hold']);
        await restartCoturn(lab.host, SOUND);
      });

      const cases = [
        {
          name: 'options that it refuses together',
          lines: [...SOUND, 'no-udp-relay', 'no-tcp-relay'],
          refused: 'config/exclusive-options',
          says: 'coturn refuses its configuration with "--no-udp-relay and --no-tcp-relay',
        },
        {
          name: 'a port that it may not bind',
          lines: SOUND.map(line => line.replace('listening-port=3478', 'listening-port=443')),
          refused: 'listener/privileged-port',
          says: 'user turnserver may not bind',
        },
        {
          name: 'an address of another host',
          lines: SOUND.map(line => line.replace('listening-ip=203.0.113.10', 'listening-ip=198.51.100.9')),
          refused: 'listener/address-not-local',
          says: '198.51.100.9 is no address of this host',
        },
      ];
      for (const { name, lines, refused, says } of cases) {
        test(name, async () => {
          const before = await pidOf(lab);
          lab.host.writeFile('/etc/turnserver.conf', `${lines.join('\n')}\n`);
          const refusal = await service(lab, 'restart');
          expect(refusal).toMatchObject({ exitCode: 1, action: { kind: 'none' } });
          expect(refusal.headline).toMatch(/^Nothing was done, because coturn would not come up again/);
          expect(refusal.checks.map(({ id }) => id)).toContain(refused);
          expect(await pidOf(lab)).toBe(before);

          const forced = await service(lab, 'restart', '--force', '--yes', '--wait', '3');
          expect(forced).toMatchObject({ exitCode: 1, action: { kind: 'restart', up: false } });
          const down = forced.checks.find(({ id }) => id === 'service/not-running');
          expect(down?.findings[0]?.message).toContain(says);
          expect(down?.explainedBy).toBe(refused);
        });
      }

      test('a port that another program has', async () => {
        await lab.host.must(['systemctl', 'stop', 'coturn']);
        await lab.host.must(['systemd-run', '--unit=hold', '--quiet', process.execPath, '-e', HOLD]);
        const listening = ['sh', '-c', 'until ss -Hlnt sport = :3478 | grep -q .; do sleep 0.1; done'];
        await lab.host.must(listening);
        const refusal = await service(lab, 'restart', '--timeout', '2');
        expect(refusal).toMatchObject({ exitCode: 1, action: { kind: 'none' } });
        expect(refusal.headline).toMatch(/node \(pid \d+\) holds 3478\/tcp/);
        const forced = await service(lab, 'restart', '--force', '--yes', '--wait', '3', '--timeout', '2');
        const down = forced.checks.find(({ id }) => id === 'service/not-running');
        expect(down?.findings[0]?.message).toMatch(/node \(pid \d+\) holds 203\.0\.113\.10:3478/);
      });
    });

    test('reload serves the new certificate, and calls go on', async () => {
      const calls = await hold(lab, 2);
      onTestFinished(calls.close);
      await lab.host.must(['sh', '-c', RENEW]);
      const stale = await service(lab, 'status');
      expect(stale.exitCode).toBe(1);
      expect(stale.state.certificate).toMatchObject({
        value: { served: [{ same: false }, { same: false }] },
      });
      const reloaded = await service(lab, 'reload');
      expect(reloaded).toMatchObject({
        exitCode: 0,
        action: { kind: 'reload', loaded: true, sameBefore: false },
        state: { certificate: { value: { served: [{ same: true }, { same: true }] } } },
      });
      expect(await calls.alive()).toBe(2);
    });

    test('reload is refused where coturn could not read the key', async () => {
      await lab.host.must(['chmod', '0', '/etc/coturn/turn.key']);
      const { exitCode, headline } = await service(lab, 'reload');
      await lab.host.must(['chmod', '0600', '/etc/coturn/turn.key']);
      expect(exitCode).toBe(1);
      expect(headline).toContain('its user cannot read /etc/coturn/turn.key');
    });

    test('drain is refused: this release dies of the signal', async () => {
      const before = await pidOf(lab);
      const { exitCode, headline } = await service(lab, 'drain');
      expect(exitCode).toBe(1);
      expect(headline).toContain('coturn 4.6.1 dies of SIGUSR1');
      expect(headline).toContain('systemctl restart coturn.service');
      expect(await pidOf(lab)).toBe(before);
      // And so it does.
      await lab.host.must(['systemctl', 'kill', '-s', 'USR1', 'coturn']);
      await lab.host.must(['sh', '-c', `while [ -d /proc/${before} ]; do sleep 0.1; done`]);
      await restartCoturn(lab.host, SOUND);
    });
  },
);

describe.skipIf(typeof newer === 'string')(
  `drain of a newer coturn${typeof newer === 'string' ? ` (${newer})` : ''}`,
  () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      lab = await startCoturnLab({ layer: (newer as NewerCoturn).root });
      await restartCoturn(lab.host, SOUND);
    });
    afterAll(() => lab?.close());

    test('no allocation is lost before the deadline, new ones are refused', async () => {
      const calls = await hold(lab, 20);
      onTestFinished(calls.close);
      const before = await pidOf(lab);
      const deadlineAt = Date.now() + 8000;
      let drained = false;
      const drain = service(lab, 'drain', '--deadline', '8').finally(() => {
        drained = true;
      });
      // Asked and answered before the deadline can have come.
      const alive: number[] = [];
      while (!drained) {
        const count = await calls.alive();
        if (Date.now() < deadlineAt) alive.push(count);
        await new Promise(resolve => setTimeout(resolve, 200));
      }
      expect(alive.length).toBeGreaterThan(0);
      expect(new Set(alive)).toEqual(new Set([20]));
      const { exitCode, action } = await drain;
      expect(exitCode).toBe(0);
      expect(action).toMatchObject({
        ...{ kind: 'drain', refusesNew: true, allocationsBefore: 20, allocationsLeft: 20 },
        ...{ deadlineReached: true, afterwards: 'restart', up: true, gap: { gapMs: expect.any(Number) } },
      });
      expect(await pidOf(lab)).not.toBe(before);
    });

    test('ends as soon as the last allocation has, and loses none', async () => {
      const calls = await hold(lab, 4);
      onTestFinished(calls.close);
      const drain = service(lab, 'drain', '--deadline', '100', '--then', 'stop');
      expect(await calls.end(4)).toBe(4);
      expect(await drain).toMatchObject({
        exitCode: 0,
        action: { kind: 'drain', allocationsLeft: 0, deadlineReached: false, afterwards: 'stop' },
      });
      expect((await lab.host.exec(['systemctl', 'is-active', 'coturn'])).stdout).toBe('inactive\n');
    });
  },
);
