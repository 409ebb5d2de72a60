import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { labAvailable } from '../lab/available.ts';
import { exec } from '../lab/exec.ts';
import { type LabHost, startHost } from '../lab/host.ts';
import { createNetwork, type LabNode, type Network } from '../lab/network.ts';
import { outside, turnctl } from '../lab/turnctl.ts';
import { buildProgram } from '../support/journal-program.ts';

const available = labAvailable();

/** Far longer than it takes to see that nobody gets in. */
const SECONDS = 15;

const CUT: Plan = {
  resolves: [],
  risk: 'may-cut-access',
  steps: [
    {
      kind: 'run',
      argv: [
        'nft',
        'add table inet cut { chain in { type filter hook input priority 0; tcp dport 22 drop; }; }',
      ],
      undo: ['nft', 'delete', 'table', 'inet', 'cut'],
      why: 'shuts the port of the very connection over which it is done',
    },
  ],
};

describe.skipIf(available !== true)(
  `a rule that cuts the operator off${available === true ? '' : ` (${available})`}`,
  () => {
    let network: Network;
    let out: LabNode;
    let host: LabHost;
    let folder: string;
    beforeAll(async () => {
      network = createNetwork();
      out = network.node('out', ['203.0.113.30/24']);
      host = await startHost(network.node('srv', ['203.0.113.10/24']), { units: ['ssh.service'] });
      folder = mkdtempSync(join(tmpdir(), 'turnctl-access-'));
      await exec(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
      await host.must(['mkdir', '-p', '-m', '0700', '/root/.ssh']);
      host.writeFile('/root/.ssh/authorized_keys', readFileSync(join(folder, 'key.pub')), 0o600);
      const program = await buildProgram();
      host.writeFile('/root/program.mjs', readFileSync(program.path));
      program.remove();
      host.writeFile('/root/plan.json', JSON.stringify(CUT));
    });
    afterAll(async () => {
      await host?.stop();
      network?.close();
      rmSync(folder, { recursive: true });
    });

    const ssh = (command: string, ...options: string[]) =>
      outside(out).exec([
        ...['ssh', '-i', join(folder, 'key'), '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'],
        ...[
          '-o',
          'UserKnownHostsFile=/dev/null',
          '-o',
          'LogLevel=ERROR',
          ...options,
          'root@203.0.113.10',
          command,
        ],
      ]);
    const isCut = async () => (await host.exec(['nft', 'list', 'table', 'inet', 'cut'])).exitCode === 0;
    async function until(wanted: boolean): Promise<void> {
      const deadline = Date.now() + 60_000;
      while ((await isCut()) !== wanted) {
        if (Date.now() > deadline) throw new Error(`still ${wanted ? 'open' : 'cut'}`);
        await delay(50);
      }
    }

    test.each([
      { name: 'nobody confirms it', argument: '' },
      { name: 'turnctl is killed', argument: ' verifying' },
    ])('is undone by the host when $name, and the connection lives', async ({ argument }) => {
      const run = ssh(
        `SECONDS=${SECONDS} ${process.execPath} /root/program.mjs /root/plan.json /var/lib/turnctl/journal${argument}; echo alive`,
      );
      await until(true);
      const another = await ssh('true', '-o', 'ConnectTimeout=1');
      expect(await isCut()).toBe(true);
      expect(another.exitCode).toBe(255);
      await until(false);
      const { exitCode, stdout } = await run;
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/alive\n$/);
      if (argument === '') expect(stdout).toContain('"state":"to-be-confirmed"');
      expect((await turnctl(host, ['rollback', '--list'])).stdout).toMatch(/^\S+ +undone/);
    });

    test('is kept when somebody confirms it in time', async () => {
      const run = host.exec(
        [process.execPath, '/root/program.mjs', '/root/plan.json', '/var/lib/turnctl/journal'],
        {
          env: { SECONDS: '600' },
        },
      );
      const { outcome } = JSON.parse((await run).stdout.trim().split('\n').at(-1)!) as {
        outcome: { id: string };
      };
      expect((await turnctl(host, ['fix', '--yes'])).stderr).toContain(`turnctl fix --confirm ${outcome.id}`);
      expect(await turnctl(host, ['fix', '--confirm', outcome.id])).toMatchObject({ exitCode: 0 });
      expect((await host.exec(['systemctl', 'list-timers', '--all', 'turnctl-undo-*'])).stdout).toContain(
        '0 timers',
      );
      expect(await isCut()).toBe(true);
      expect(await turnctl(host, ['rollback'])).toMatchObject({ exitCode: 0 });
      expect(await isCut()).toBe(false);
    });
  },
);
