import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import { labAvailable } from '../lab/available.ts';
import { type CallLab, startCallLab } from '../lab/call-lab.ts';
import { repository } from '../lab/host.ts';
import { inNode, type LabNode } from '../lab/network.ts';
import { causes, type Diagnosis, diagnose, outside, PROGRAM, turnctl } from '../lab/turnctl.ts';
import { MECHANISMS, type Mechanism } from '../support/mechanisms.ts';

const available = labAvailable(['chromium']);

/** `TURNCTL_MECHANISMS=all` runs every one, `=NAME,NAME` those, and writes down what they gave: it takes five minutes. */
const ASKED = process.env.TURNCTL_MECHANISMS;
const SAMPLE = ['credentials-late', 'early-candidates-dropped'];
const chosen = MECHANISMS.filter(({ name }) =>
  ASKED === undefined ? SAMPLE.includes(name) : ASKED === 'all' || ASKED.split(',').includes(name),
);

const ADDRESSES: Readonly<Record<Mechanism['server'], string>> = {
  sound: '203.0.113.10',
  'no-stun': '203.0.113.11',
  'inverted-range': '203.0.113.12',
  'without-realm': '203.0.113.13',
};

const CHANGES: Readonly<Record<Mechanism['server'], (lines: readonly string[]) => readonly string[]>> = {
  sound: lines => lines,
  'no-stun': lines => ['no-stun', ...lines],
  'inverted-range': lines => lines.map(line => line.replace(/^min-port=.*/, 'min-port=53000')),
  'without-realm': lines => lines.filter(line => !line.startsWith('realm=')),
};

describe.skipIf(available !== true)(
  `the mechanisms of failing first calls${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CallLab;
    const lines: Partial<Record<Mechanism['server'], readonly string[]>> = {};

    beforeAll(async () => {
      lab = startCallLab();
      for (const name of new Set(chosen.map(({ server }) => server))) {
        lines[name] = (await lab.serve(ADDRESSES[name], CHANGES[name])).lines;
      }
      const gone = lab.network.node('gone', ['203.0.113.66/24']);
      inNode(gone, ['iptables', '-A', 'INPUT', '-j', 'DROP']);
    });
    afterAll(async () => lab?.close());

    const argv = (name: string, lines: readonly string[]): readonly string[] => [
      ...['--config', lab.writeConfig(`${name}.conf`, lines), '--as-version', '4.6.1'],
      ...['--secret-file', lab.secretFile],
      ...lab.browsers.flatMap(({ executable }) => ['--browser', executable]),
    ];
    const uriOf = (server: Mechanism['server']): string => `turn:${ADDRESSES[server]}:3478?transport=udp`;

    async function coldstart({ name, scenario, server, logging }: Mechanism): Promise<Diagnosis> {
      const read = logging?.(lines[server]!) ?? lines[server]!;
      const file = join(repository, `templates/scenarios/${scenario}.json`);
      const { exitCode, stdout, stderr } = await turnctl(outside(lab.out), [
        'coldstart',
        uriOf(server),
        ...['--json', '--calls', '1', '--repeat', '0'],
        ...['--scenario', existsSync(file) ? file : scenario],
        ...argv(name, read),
      ]);
      if (!stdout.startsWith('{')) throw new Error(`${name} ended with ${exitCode}: ${stderr || stdout}`);
      return { ...(JSON.parse(stdout) as Omit<Diagnosis, 'exitCode' | 'text'>), exitCode, text: stdout };
    }

    // Most of the time is a browser's own waiting, so that they can wait together.
    test.concurrent.each(chosen)('$name has one name: $cause', { timeout: 400_000 }, async mechanism => {
      const diagnosis = await coldstart(mechanism);
      if (ASKED !== undefined) record(mechanism, JSON.parse(diagnosis.text).facts);
      const named = mechanism.cause.startsWith('info ')
        ? diagnosis.checks
            .filter(({ outcome, id }) => outcome === 'failed' && id.startsWith('logging/'))
            .map(({ severity, id }) => `${severity} ${id}`)
        : causes(diagnosis);
      expect(named).toEqual([mechanism.cause]);
    });

    test('diagnose --client judges what a browser sees, too', async () => {
      const given = argv('diagnose', lines.sound!);
      const { checks } = await diagnose(outside(lab.out), [uriOf('sound'), '--client', ...given]);
      const seen = checks.filter(({ id }) => ['ice/no-relay-candidate', 'ice/no-working-pair'].includes(id));
      expect(seen.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    });

    test('Ctrl-C in a call ends coldstart, and leaves no browser', async () => {
      const { namespace } = lab.out;
      const child = spawn(
        'ip',
        ['netns', 'exec', namespace, ...PROGRAM, 'coldstart', uriOf('sound'), ...argv('ended', lines.sound!)],
        { stdio: 'ignore' },
      );
      const ended = once(child, 'exit');
      const browsing = () => lab.machines.map(pidsIn);
      await vi.waitFor(() => expect(browsing()).not.toContain(''), { timeout: 60_000, interval: 50 });
      child.kill('SIGINT');
      expect(await ended).toEqual([130, null]);
      await vi.waitFor(() => expect(browsing()).toEqual(['', '']), { timeout: 20_000, interval: 50 });
    });
  },
);

/** What `test/rules/mechanisms.test.ts` judges again in every run. */
function record({ name }: Mechanism, { observedAt, version, config, wire, credential, client }: Facts): void {
  const facts = { observedAt, version, config, wire, credential, client };
  writeFileSync(join(repository, `test/fixtures/timelines/${name}.json`), `${JSON.stringify(facts)}\n`);
}

const pidsIn = ({ namespace }: LabNode): string =>
  execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
