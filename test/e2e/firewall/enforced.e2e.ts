import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inboundVerdicts } from '../../../src/host/firewall/evaluate.ts';
import { readOutside } from '../../../src/host/firewall/outside.ts';
import { readRuleset } from '../../../src/host/firewall/read.ts';
import type { InboundVerdict } from '../../../src/model/firewall.ts';
import { labAvailable } from '../../lab/available.ts';
import { createNetwork, type LabNode, type Network } from '../../lab/network.ts';
import { namespaceHost } from './namespace-host.ts';
import { type Destination, type PacketTester, startPacketTester } from './packets.ts';
import { PORTS, randomIptablesRuleset, randomNftRuleset } from './random-rules.ts';
import { clear, introduce, restore } from './rules-of-node.ts';

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
      const host = namespaceHost(server);
      const [tables, outside] = await Promise.all([readRuleset(host), readOutside(host)]);
      if (!tables.known) throw new Error(tables.reason);
      const inbound = inboundVerdicts(tables.value, outside);
      const arrived = await tester.arrives(destinations);
      const verdicts = destinations.map(to => verdictFor(inbound, to));
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
