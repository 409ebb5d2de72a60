import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatherFirewall } from '../../../src/facts/firewall.ts';
import type { InboundVerdict } from '../../../src/model/firewall.ts';
import { labAvailable } from '../../lab/available.ts';
import { createNetwork, inNode, type LabNode, type Network } from '../../lab/network.ts';
import { namespaceHost } from './namespace-host.ts';
import { type Destination, type PacketTester, startPacketTester } from './packets.ts';
import { PORTS, randomIptablesRuleset, randomNftRuleset } from './random-rules.ts';

const available = labAvailable();

const ADDRESSES = { ipv4: '203.0.113.10', ipv6: '2001:db8::10' } as const;

const destinations: readonly (Destination & Pick<InboundVerdict, 'family'>)[] = (
  ['ipv4', 'ipv6'] as const
).flatMap(family =>
  (['udp', 'tcp'] as const).flatMap(protocol =>
    PORTS.map(port => ({ family, ip: ADDRESSES[family], protocol, port })),
  ),
);

describe.skipIf(available !== true)(
  `verdicts against packets${available === true ? '' : ` (${available})`}`,
  () => {
    let network: Network;
    let server: LabNode;
    let tester: PacketTester;

    beforeAll(async () => {
      network = createNetwork();
      server = network.node('srv', ['203.0.113.10/24', '2001:db8::10/64']);
      const client = network.node('out', ['203.0.113.30/24', '2001:db8::30/64']);
      // Neighbour discovery is ICMPv6, which random rules drop with everything else.
      introduce(server, client, '2001:db8::30');
      introduce(client, server, ADDRESSES.ipv6);
      tester = await startPacketTester(server, client, PORTS);
    });
    afterAll(() => {
      tester?.close();
      network?.close();
    });

    /** Applies rules, asks both the evaluator and the wire, and returns how many of the answers were decided. */
    async function compare(apply: () => void): Promise<number> {
      clear(server);
      apply();
      const fact = await gatherFirewall(namespaceHost(server));
      if (!fact.known) throw new Error(fact.reason);
      const arrived = await tester.arrives(destinations);
      const verdicts = destinations.map(to => verdictFor(fact.value.inbound, to));
      const seen = destinations.map((to, i) => {
        const { verdict, by } = verdicts[i]!;
        const answer = arrived[i] ? 'open' : 'shut';
        return `${to.family} ${to.protocol} ${to.port}: ${verdict === 'unclear' ? 'unclear' : answer} (${by})`;
      });
      const foretold = destinations.map((to, i) => {
        const { verdict, by } = verdicts[i]!;
        return `${to.family} ${to.protocol} ${to.port}: ${verdict} (${by})`;
      });
      expect(seen).toEqual(foretold);
      return verdicts.filter(({ verdict }) => verdict !== 'unclear').length;
    }

    const seeds = Array.from({ length: Number(process.env.TURNCTL_FIREWALL_SEEDS ?? 25) }, (_, i) => i + 1);
    let decided = 0;

    test.each(seeds)('nft ruleset %i', async seed => {
      decided += await compare(() => restore(server, ['nft', '-f', '-'], randomNftRuleset(seed)));
    });

    test.each(seeds)('iptables-nft ruleset %i', async seed => {
      decided += await compare(() => {
        restore(server, ['iptables-nft-restore'], randomIptablesRuleset(seed));
        restore(server, ['ip6tables-nft-restore'], randomIptablesRuleset(seed + 10_000));
      });
    });

    test.each(seeds.slice(0, 10))('all three together %i', async seed => {
      decided += await compare(() => {
        restore(server, ['nft', '-f', '-'], randomNftRuleset(seed + 20_000));
        restore(server, ['iptables-nft-restore'], randomIptablesRuleset(seed + 30_000));
        restore(server, ['iptables-legacy-restore'], randomIptablesRuleset(seed + 40_000));
      });
    });

    test('most of these verdicts were decided', () => {
      expect(decided / (destinations.length * (2 * seeds.length + 10))).toBeGreaterThan(0.8);
    });
  },
);

const verdictFor = (
  inbound: readonly InboundVerdict[],
  { family, protocol, port }: (typeof destinations)[number],
) =>
  inbound.find(it => it.family === family && it.protocol === protocol && it.from <= port && port <= it.to)!;

function introduce(to: LabNode, whom: LabNode, ip: string): void {
  const mac = /link\/ether (\S+)/.exec(inNode(whom, ['ip', '-o', 'link', 'show', 'eth0']))![1]!;
  inNode(to, ['ip', 'neigh', 'replace', ip, 'lladdr', mac, 'dev', 'eth0', 'nud', 'permanent']);
}

function clear(node: LabNode): void {
  for (const tool of ['iptables-legacy', 'ip6tables-legacy']) {
    for (const table of ['filter', 'mangle']) {
      inNode(node, [tool, '-t', table, '-F']);
      inNode(node, [tool, '-t', table, '-X']);
      for (const chain of table === 'filter' ? ['INPUT'] : ['PREROUTING'])
        inNode(node, [tool, '-t', table, '-P', chain, 'ACCEPT']);
    }
  }
  inNode(node, ['nft', 'flush', 'ruleset']);
}

function restore({ namespace }: LabNode, argv: readonly string[], rules: string): void {
  try {
    execFileSync('ip', ['netns', 'exec', namespace, ...argv], {
      input: rules,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${rules}`, { cause: error });
  }
}
