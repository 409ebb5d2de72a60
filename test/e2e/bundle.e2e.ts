import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Difference, Manifest } from '../../src/model/bundle.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SOUND, startCoturnLab } from '../lab/coturn.ts';
import type { LabHost } from '../lab/host.ts';
import { outside, PROGRAM, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

const DROPPING = [
  'add table inet f',
  'add chain inet f input { type filter hook input priority 0; }',
  'add rule inet f input udp dport 49200-49260 drop',
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

  describe('of before and after one change name it first', () => {
    let before: Created;
    beforeAll(async () => {
      await restartCoturn(host, SOUND);
      before = await create();
    });

    const changes: readonly {
      readonly name: string;
      readonly change: () => Promise<unknown>;
      readonly undo: () => Promise<unknown>;
      readonly first: Partial<Difference>;
    }[] = [
      {
        name: 'a line of the configuration',
        change: () => restartCoturn(host, [...SOUND, 'no-stun']),
        undo: () => restartCoturn(host, SOUND),
        first: { area: 'configuration', what: 'no-stun', good: null },
      },
      {
        name: 'a drop-in of the unit',
        change: async () => {
          await host.must(['mkdir', '-p', '/etc/systemd/system/coturn.service.d']);
          host.writeFile('/etc/systemd/system/coturn.service.d/x.conf', '[Service]\nLimitNOFILE=64\n');
          await host.must(['systemctl', 'daemon-reload']);
          await restartCoturn(host, SOUND);
        },
        undo: async () => {
          await host.must(['rm', '-r', '/etc/systemd/system/coturn.service.d']);
          await host.must(['systemctl', 'daemon-reload']);
          await restartCoturn(host, SOUND);
        },
        first: { area: 'unit' },
      },
      {
        name: 'the firewall',
        change: () => host.must(['nft', DROPPING]),
        undo: () => host.must(['nft', 'flush', 'ruleset']),
        first: { area: 'firewall' },
      },
      {
        name: 'a setting of the kernel',
        change: () => host.must(['sysctl', '-w', 'net.ipv4.ip_local_port_range=40000 50000']),
        undo: () => host.must(['sysctl', '-w', 'net.ipv4.ip_local_port_range=32768 60999']),
        first: { area: 'sysctl', what: 'net.ipv4.ip_local_port_range', bad: '40000 50000' },
      },
    ];
    for (const { name, change, undo, first } of changes) {
      test(name, async () => {
        await change();
        const after = await create();
        await undo();
        const { exitCode, stdout } = await turnctl(elsewhere(), [
          'bundle',
          'diff',
          '--json',
          before.path,
          after.path,
        ]);
        expect(exitCode).toBe(1);
        const { differences } = JSON.parse(stdout);
        expect(differences[0]).toMatchObject(first);
      });
    }

    test('nothing changed: nothing is said that could explain anything', async () => {
      const after = await create();
      const { stdout } = await turnctl(elsewhere(), ['bundle', 'diff', '--json', before.path, after.path]);
      // Of findings those of the log may differ: it has grown by the probes.
      const explaining = JSON.parse(stdout).differences.filter(({ area }: Difference) => area !== 'finding');
      expect(explaining).toEqual([]);
    });
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

  test('keep the tokens of addresses on the host', async () => {
    await restartCoturn(host, [...SOUND, 'denied-peer-ip=8.8.4.4']);
    const { content } = await create();
    expect(content).not.toContain('8.8.4.4');
    expect(await host.must(['cat', `/tmp/bundle-${count}.tar.gz.private.json`])).toContain('8.8.4.4');
  });
});
