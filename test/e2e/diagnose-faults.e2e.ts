import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { arrange, LAB_FAULTS, type LabFault } from '../lab/faults.ts';
import { type LabHost, startHost } from '../lab/host.ts';
import { judged, takeBundle } from '../lab/support-bundle.ts';
import { causes, type Diagnosis, diagnose, finding, outside, type Vantage } from '../lab/turnctl.ts';

const available = labAvailable();

/** Reports and bundles, on the machine of the test. */
const folder = mkdtempSync(join(tmpdir(), 'turnctl-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Judges a report anew, from its file alone. */
async function expectTheSameLater(from: Vantage, diagnosis: Diagnosis): Promise<void> {
  const path = join(folder, 'report.json');
  writeFileSync(path, diagnosis.text);
  const later = await diagnose(from, ['--from', path]);
  expect(judged(later)).toEqual(judged(diagnosis));
  expect(later.exitCode).toBe(diagnosis.exitCode);
}

/** Makes a bundle of the host as it was just diagnosed, and judges it where nothing is known of that host. */
async function expectTheSameFromBundle(
  host: LabHost,
  from: Vantage,
  live: Diagnosis,
  { argv = [], bundleArgv = [], as = [], env = {} }: Partial<LabFault>,
): Promise<void> {
  const path = join(folder, 'bundle.tar.gz');
  const saved = await takeBundle(host, path, [...argv, ...bundleArgv], { as, env });
  const later = await diagnose(from, ['--from', path]);
  expect(causes(later)).toEqual(causes(live));
  expect(later.exitCode).toBe(live.exitCode);
  // Of one and the same moment, before and after everything was replaced that must not leave the host.
  expect(judged(later)).toEqual(judged(saved));
}

describe.skipIf(available !== true)(
  `one fault at a time${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    let undo: LabFault['undo'];
    beforeAll(async () => {
      lab = await startCoturnLab();
    });
    afterAll(() => lab?.close());
    afterEach(async () => {
      await undo?.(lab.host);
      undo = undefined;
    });

    const hidden = (env: LabFault['env'] = {}) =>
      Object.entries(env).flatMap(([name, value]) => (/SECRET|PASSWORD/.test(name) ? [value] : []));

    test.each(LAB_FAULTS)('$name', async fault => {
      const { argv = [], as = [], shows, skips = {}, passes = [], elsewhere } = fault;
      const { host, trust } = lab;
      undo = fault.undo;
      const out = outside(lab.out);
      await arrange(fault, host, out);

      const env = { ...trust.onHost, ...fault.env };
      const onHost: Vantage = { exec: (words, options) => host.exec([...as, ...words], options) };
      const live = await diagnose(onHost, argv, env);
      expect(causes(live)).toEqual(fault.causes);
      expect(live.exitCode).toBe(fault.exitCode);
      if (shows) expect(finding(live, shows.id)[shows.in]).toMatch(shows.text);
      for (const [id, reason] of Object.entries(skips)) {
        const check = live.checks.find(candidate => candidate.id === id);
        expect(check).toMatchObject({ outcome: 'skipped', reason: expect.stringMatching(reason) });
      }
      const passed = live.checks.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id);
      expect(passed).toEqual(expect.arrayContaining([...passes]));
      for (const secret of [SECRET, ...hidden(fault.env)]) expect(live.text).not.toContain(secret);

      await expectTheSameFromBundle(host, out, live, { ...fault, env });
      if (elsewhere === undefined) return;
      const secret = { TURNCTL_SECRET: SECRET, ...trust.elsewhere, ...elsewhere.env };
      const remote = await diagnose(out, elsewhere.argv, secret);
      expect(causes(remote)).toEqual(elsewhere.causes);
      for (const one of hidden(secret)) expect(remote.text).not.toContain(one);
      await expectTheSameLater(out, remote);
    });
  },
);

describe.skipIf(available !== true)(`behind NAT${available === true ? '' : ` (${available})`}`, () => {
  let lab: CoturnLab;
  let cloud: LabHost;
  // Another public address, and the private one of the machine behind it.
  const LINES = SOUND.filter(line => !/^(listening-ip|relay-ip|cert|pkey|tls-listening-port)=/.test(line));
  const OWN = 'allowed-peer-ip=10.0.0.10';
  const URI = 'turn:203.0.113.40:3478?transport=udp';

  beforeAll(async () => {
    lab = await startCoturnLab({ units: [] });
    const edge = { nat: 'one-to-one', outside: '203.0.113.40/24', inside: '10.0.0.1/24' } as const;
    const router = lab.network.router('edge', { ...edge, forwardTo: '10.0.0.10' });
    cloud = await startHost(router.node('cloud', ['10.0.0.10/24']));
    await cloud.must(['install', '-d', '-o', 'turnserver', '/var/log/turnserver']);
  });
  afterAll(async () => {
    await cloud?.stop();
    await lab?.close();
  });

  const faults: readonly {
    readonly name: string;
    readonly lines: readonly string[];
    /** From elsewhere, with its exit code, and on the host, which cannot know how others reach it. */
    readonly outside: readonly string[];
    readonly exitCode: number;
    readonly inside: readonly string[];
    readonly says?: readonly [id: string, text: string];
  }[] = [
    {
      name: 'without external-ip',
      lines: LINES,
      outside: ['error nat/external-ip-missing'],
      exitCode: 1,
      inside: ['error peers/own-address-denied', 'warning nat/external-ip-missing'],
      says: ['nat/external-ip-missing', '10.0.0.10'],
    },
    {
      name: 'with it',
      lines: [...LINES, 'external-ip=203.0.113.40/10.0.0.10', OWN],
      outside: [],
      exitCode: 0,
      inside: [],
    },
    {
      name: 'with the public address of another',
      lines: [...LINES, 'external-ip=203.0.113.99/10.0.0.10', OWN],
      outside: ['error nat/external-ip-wrong'],
      exitCode: 1,
      inside: [],
      says: ['nat/external-ip-wrong', '203.0.113.40'],
    },
    {
      name: 'with the private address of another',
      lines: [...LINES, 'external-ip=203.0.113.40/10.0.0.77', OWN],
      outside: ['error nat/external-ip-missing'],
      exitCode: 1,
      inside: ['error nat/external-ip-unmapped'],
    },
  ];
  test.each(faults)('$name', async ({ lines, exitCode, says, ...expected }) => {
    await restartCoturn(cloud, lines);
    const out = outside(lab.out);
    const remote = await diagnose(out, [URI], { TURNCTL_SECRET: SECRET });
    expect(causes(remote)).toEqual(expected.outside);
    expect(remote.exitCode).toBe(exitCode);
    if (says) expect(finding(remote, says[0]).message).toContain(says[1]);
    await expectTheSameLater(out, remote);
    const live = await diagnose(cloud);
    expect(causes(live)).toEqual(expected.inside);
    await expectTheSameFromBundle(cloud, out, live, {});
  });
});
