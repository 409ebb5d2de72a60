import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { labAvailable } from '../lab/available.ts';
import { createNetwork, inNode, type LabNode, type Network } from '../lab/network.ts';
import { outside, turnctl } from '../lab/turnctl.ts';
import { type BareTurnserver, startTurnserver } from '../lab/turnserver.ts';

const available = labAvailable();

/** Of each direction, by the kernel's dice. */
const LOSS = 0.3;

/** CI asks a few times; `TURNCTL_LOSS_RUNS=20` asks as often as a release needs. */
const RUNS = Number(process.env.TURNCTL_LOSS_RUNS ?? 3);

const SECRET = 'path-that-drops';

describe.skipIf(available !== true)(
  `a path that drops 30 % of the packets${available === true ? '' : ` (${available})`}`,
  () => {
    let network: Network;
    let server: LabNode;
    let client: LabNode;
    let coturn: BareTurnserver;
    const folder = mkdtempSync(join(tmpdir(), 'turnctl-loss-'));
    const secretFile = join(folder, 'secret');

    beforeAll(async () => {
      writeFileSync(secretFile, SECRET);
      network = createNetwork();
      server = network.node('srv', ['203.0.113.10/24']);
      client = network.node('out', ['203.0.113.30/24']);
      coturn = await startTurnserver(server, [
        'listening-ip=203.0.113.10',
        'relay-ip=203.0.113.10',
        'min-port=49160',
        'max-port=49460',
        'realm=lab.test',
        'use-auth-secret',
        `static-auth-secret=${SECRET}`,
      ]);
      const dice = ['-m', 'statistic', '--mode', 'random', '--probability', String(LOSS), '-j', 'DROP'];
      // At the receiver: dropped on the way out, sendto() itself fails, and coturn ends the session for that.
      for (const node of [server, client]) inNode(node, ['iptables', '-A', 'INPUT', '-p', 'udp', ...dice]);
    });
    afterAll(async () => {
      await coturn?.stop();
      network?.close();
      rmSync(folder, { recursive: true });
    });

    async function probe(kind: string, uri: string, ...flags: string[]) {
      const { stdout, stderr, exitCode } = await turnctl(outside(client), [
        'probe',
        kind,
        uri,
        '--json',
        ...flags,
      ]);
      if (!stdout.startsWith('{')) throw new Error(`ended with ${exitCode}: ${stderr}`);
      const report = JSON.parse(stdout) as {
        observations: Observation[];
        verdict: { headline: string };
        checks: { id: string; outcome: string }[];
      };
      const find = (name: string) => report.observations.find(o => o.probe === name) as never;
      return { ...report, exitCode, find };
    }

    const runs = Array.from({ length: RUNS }, (_, i) => i + 1);

    test.each(runs)('run %i: STUN answers, and says that packets are lost', async () => {
      const { find, exitCode, checks } = await probe(
        'stun',
        'stun:203.0.113.10',
        '--count',
        '120',
        '--interval',
        '10',
      );
      expect(find('stun-binding')).toMatchObject({ outcome: 'answered' });
      expect(find('server-identity')).toMatchObject({ outcome: 'complete', asked: 12, answered: 12 });
      expect(find('stun-conformance')).toMatchObject({ unknownAttribute: { answer: 420 } });
      const { sent, received } = find('stun-series') as { sent: number; received: number };
      // 51 % of the round trips; a fair dice is that far off once in a million.
      expect((sent - received) / sent).toBeGreaterThan(0.28);
      expect((sent - received) / sent).toBeLessThan(0.74);
      const loss = checks.find(({ id }) => id === 'listener/packet-loss');
      expect(loss).toMatchObject({ outcome: 'failed', severity: 'error' });
      expect(exitCode).toBe(1);
    });

    test.each(runs)('run %i: TURN works, every leg of it', async () => {
      const uri = 'turn:203.0.113.10?transport=udp';
      const { find, exitCode, verdict } = await probe(
        'turn',
        uri,
        '--secret-file',
        secretFile,
        '--timeout',
        '10',
      );
      expect(find('turn-allocate')).toMatchObject({ outcome: 'allocated' });
      const passed = { outcome: 'passed' };
      expect(find('turn-data-path')).toMatchObject({
        permission: passed,
        inbound: passed,
        outbound: passed,
        channelBind: passed,
        channelInbound: passed,
        channelOutbound: passed,
      });
      expect([verdict.headline, exitCode]).toEqual([expect.stringContaining('went well'), 0]);
    });

    test.each(runs)(
      'run %i: a listener that is not there is refused, one that is filtered is silent',
      async () => {
        inNode(server, ['iptables', '-I', 'INPUT', '-p', 'udp', '--dport', '3999', '-j', 'DROP']);
        const silent = await probe('stun', 'stun:203.0.113.10:3999', '--timeout', '3');
        inNode(server, ['iptables', '-D', 'INPUT', '-p', 'udp', '--dport', '3999', '-j', 'DROP']);
        expect(silent.find('stun-binding')).toMatchObject({ outcome: 'no-response' });
        expect(silent.checks.find(({ id }) => id === 'listener/packet-loss')).toMatchObject({
          outcome: 'skipped',
        });
        const closed = await probe('stun', 'stun:203.0.113.10:3999', '--timeout', '3');
        expect(closed.find('stun-binding')).toMatchObject({ outcome: 'refused' });
        expect([silent.exitCode, closed.exitCode]).toEqual([1, 1]);
      },
    );
  },
);
