import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/bundle.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import type { LabHost } from '../lab/host.ts';
import { causes, type Diagnosis, diagnose, outside, PROGRAM, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

/** What a careful operator writes, but for the relay range. */
const CLOSED = [
  'add table inet filter',
  'add chain inet filter input { type filter hook input priority 0; policy drop; }',
  'add rule inet filter input iif lo accept',
  'add rule inet filter input ct state established,related accept',
  'add rule inet filter input meta l4proto { icmp, ipv6-icmp } accept',
  'add rule inet filter input tcp dport { 22, 3478, 5349 } accept',
  'add rule inet filter input udp dport 3478 accept',
].join('; ');

interface Created {
  readonly manifest: Manifest;
  /** Where the archive is on the machine of this test, which is not the host. */
  readonly path: string;
  /** All of it, unpacked. */
  readonly content: string;
}

describe.skipIf(available !== true)(`bundles of a host${available === true ? '' : ` (${available})`}`, () => {
  let lab: CoturnLab;
  let host: LabHost;
  let folder: string;
  let count = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'turnctl-bundle-'));
    lab = await startCoturnLab();
    host = lab.host;
  });
  afterAll(async () => {
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function create(argv: readonly string[] = [], as: readonly string[] = []): Promise<Created> {
    const file = `/tmp/bundle-${++count}.tar.gz`;
    const words = [...as, ...PROGRAM, 'bundle', 'create', '--json', '--output', file, ...argv];
    const { exitCode, stdout, stderr } = await host.exec(words, { env: lab.trust.onHost });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect((await host.must(['stat', '-c', '%a', file])).trim()).toBe('600');
    const bytes = Buffer.from(await host.must(['base64', file]), 'base64');
    const path = join(folder, `${count}.tar.gz`);
    writeFileSync(path, bytes);
    return { manifest: JSON.parse(stdout).manifest, path, content: gunzipSync(bytes).toString() };
  }

  const elsewhere = () => outside(lab.out);
  const fromBundle = ({ path }: Created): Promise<Diagnosis> => diagnose(elsewhere(), ['--from', path]);

  describe('are judged elsewhere as the host was', () => {
    afterEach(async () => {
      await host.must(['nft', 'flush', 'ruleset']);
      await host.must(['chmod', '0755', '/usr/bin/turnserver']);
    });

    const without = (pattern: RegExp) => SOUND.filter(line => !pattern.test(line));
    const REVERSED = ['external-ip=10.9.8.7/203.0.113.10', 'denied-peer-ip=8.8.4.0-8.8.4.255'];
    const faults: readonly {
      readonly name: string;
      readonly lines?: readonly string[];
      readonly arrange?: () => Promise<unknown>;
      readonly cause: string | null;
    }[] = [
      { name: 'nothing', cause: null },
      { name: 'no-stun', lines: ['no-stun', ...SOUND], cause: 'listener/no-stun' },
      {
        name: 'an external address the wrong way round',
        lines: [...SOUND, ...REVERSED],
        cause: 'nat/external-ip-reversed',
      },
      { name: 'no authentication', lines: without(/auth/), cause: 'auth/anonymous-relay' },
      { name: 'private peers', lines: without(/^denied-peer-ip=10/), cause: 'peers/private-allowed' },
      { name: 'no realm', lines: without(/^realm/), cause: 'auth/realm-missing' },
      {
        name: 'the firewall',
        arrange: () => host.must(['nft', CLOSED]),
        cause: 'firewall/relay-range-closed',
      },
      {
        name: 'a program that may not be started',
        arrange: () => host.must(['chmod', '0644', '/usr/bin/turnserver']),
        cause: 'service/not-running',
      },
    ];
    for (const { name, lines = SOUND, arrange, cause } of faults) {
      test(name, async () => {
        await arrange?.();
        await restartCoturn(host, lines);
        const live = await diagnose(host, [], lab.trust.onHost);
        const bundle = await create();
        const later = await fromBundle(bundle);
        if (cause !== null) expect(causes(live).join()).toContain(cause);
        expect(causes(later)).toEqual(causes(live));
        expect(later.exitCode).toBe(live.exitCode);
        expect(bundle.content).not.toContain(SECRET);
      });
    }
  });

  test('of an ordinary user hold what that user may see, and say what not and why', async () => {
    await restartCoturn(host, SOUND);
    const nobody = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', '--'];
    const { manifest, path } = await create([], nobody);
    const paths = manifest.members.map(member => member.path);
    expect(paths).toEqual(expect.arrayContaining(['report.json', 'host/sockets.txt', 'service/unit.txt']));
    const reasons = Object.fromEntries(manifest.leftOut.map(({ what, reason }) => [what, reason]));
    expect(reasons['fact config']).toMatch(/not readable for this user/);
    expect(reasons['journal of coturn, or what its container printed']).toMatch(/not root|permission/i);
    expect(reasons['rules of nftables']).toMatch(/not permitted|must be root/i);
    expect((await turnctl(elsewhere(), ['bundle', 'show', path])).stdout).toContain('Not in it');
  });

  test('do not overwrite one that is there', async () => {
    host.writeFile('/tmp/there.tar.gz', 'mine');
    const { exitCode, stderr } = await turnctl(host, ['bundle', 'create', '--output', '/tmp/there.tar.gz']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('it exists already'),
    });
    expect(host.readFile('/tmp/there.tar.gz')).toBe('mine');
  });

  test('leave nothing behind where they cannot be written', async () => {
    await host.must([
      'sh',
      '-ec',
      'mkdir -p /mnt/full /mnt/own; mount -t tmpfs -o size=8k none /mnt/full; chmod 0755 /mnt/own',
    ]);
    const nobody = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups', '--'];
    for (const [folder, as, reason] of [
      ['/mnt/full', [], 'no space left on the device'],
      ['/mnt/own', nobody, 'permission denied'],
      ['/mnt/none', [], 'its folder does not exist'],
    ] as const) {
      const output = `${folder}/x.tar.gz`;
      const argv = [...as, ...PROGRAM, 'bundle', 'create', '--output', output];
      expect(await host.exec(argv, { env: lab.trust.onHost })).toEqual({
        ...{ exitCode: 3, stdout: '', stderr: `turnctl: cannot write ${output}: ${reason}\n` },
      });
    }
    expect(await host.must(['find', '/mnt/full', '/mnt/own', '-type', 'f'])).toBe('');
  });

  test('leave nothing behind when they are killed in the middle', async () => {
    await host.must(['mkdir', '-p', '/root/killed']);
    for (const signal of ['KILL', 'INT', 'TERM']) {
      const argv = ['timeout', '--preserve-status', '-s', signal, '0.3', ...PROGRAM];
      const { stdout } = await host.exec([...argv, 'bundle', 'create', '--output', '/root/killed/x.tar.gz']);
      expect(stdout).toBe('');
    }
    expect(await host.must(['find', '/root/killed', '-type', 'f'])).toBe('');
    expect(await host.must(['find', '/tmp', '-name', '*turnctl*'])).toBe('');
  });

  test('keep the tokens of addresses on the host', async () => {
    await restartCoturn(host, [...SOUND, 'denied-peer-ip=8.8.4.4']);
    const { content } = await create();
    expect(content).not.toContain('8.8.4.4');
    expect(await host.must(['cat', `/tmp/bundle-${count}.tar.gz.private.json`])).toContain('8.8.4.4');
  });
});
