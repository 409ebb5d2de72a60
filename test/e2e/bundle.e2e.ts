import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/bundle.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { type LabHost, repository } from '../lab/host.ts';
import { outside, PROGRAM, turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

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
    await host.must(['mkdir', '-p', '/root/killed', '/root/hanging']);
    // A tool that hangs holds the middle open.
    host.writeFile('/root/hanging/nft', '#!/bin/sh\nexec sleep 30\n');
    await host.must(['chmod', '755', '/root/hanging/nft']);
    for (const signal of ['KILL', 'INT', 'TERM']) {
      const hanging = ['env', 'PATH=/root/hanging:/usr/sbin:/usr/bin:/sbin:/bin'];
      const argv = [...hanging, 'timeout', '--preserve-status', '-s', signal, '1.5', ...PROGRAM];
      const { stdout } = await host.exec([...argv, 'bundle', 'create', '--output', '/root/killed/x.tar.gz']);
      expect(stdout).toBe('');
    }
    expect(await host.must(['find', '/root/killed', '-type', 'f'])).toBe('');
    // The checkout may be in there itself.
    const elsewhere = ['-path', repository, '-prune', '-o', '-type', 'f', '-name', '*turnctl*', '-print'];
    expect(await host.must(['find', '/tmp', ...elsewhere])).toBe('');
  });

  test('keep the tokens of addresses on the host', async () => {
    await restartCoturn(host, [...SOUND, 'denied-peer-ip=8.8.4.4']);
    const { content } = await create();
    expect(content).not.toContain('8.8.4.4');
    expect(await host.must(['cat', `/tmp/bundle-${count}.tar.gz.private.json`])).toContain('8.8.4.4');
  });
});
