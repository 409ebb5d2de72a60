import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeDoors } from '../../../src/fixes/door-states.ts';
import { planOpenings } from '../../../src/fixes/open-ports.ts';
import { inboundVerdicts } from '../../../src/host/firewall/evaluate.ts';
import { readFirewallState } from '../../../src/host/firewall/state.ts';
import type { NeededDoor } from '../../../src/model/firewall.ts';
import type { PortRange } from '../../../src/util/port-range.ts';
import { labAvailable } from '../../lab/available.ts';
import { createNetwork, inNode, type LabNode, type Network } from '../../lab/network.ts';
import { rulesetNames, rulesetText } from '../../support/rulesets.ts';
import { namespaceHost } from './namespace-host.ts';
import { type PacketTester, startPacketTester } from './packets.ts';
import { PORTS, randomIptablesRuleset, randomNftRuleset } from './random-rules.ts';
import { clear, introduce, restore } from './rules-of-node.ts';

const available = labAvailable();

const families = ['ipv4', 'ipv6'] as const;
const ADDRESSES = { ipv4: '203.0.113.10', ipv6: '2001:db8::10' } as const;

const door = (use: NeededDoor['use'], protocol: 'udp' | 'tcp', from: number, to = from): NeededDoor => ({
  use,
  protocol,
  from,
  to,
  families,
  option: '',
});

const seeds = Array.from({ length: Number(process.env.TURNCTL_FIREWALL_SEEDS ?? 8) }, (_, i) => i + 1);

/** A listener, and a relay range from one of the ports that random rules are about to another. */
const NEEDED = [door('udp', 'udp', 3478), door('tcp', 'tcp', 3478), door('relay', 'udp', 49_152, 65_535)];

const DUMP =
  'nft -s list ruleset; for tool in iptables-legacy ip6tables-legacy; do $tool-save | grep -v "^[#:]"; done; true';

describe.skipIf(available !== true)(
  `planned rules against packets${available === true ? '' : ` (${available})`}`,
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

    const dump = () => inNode(server, ['sh', '-c', DUMP]);

    async function read() {
      const state = await readFirewallState(namespaceHost(server));
      if (!state.known) throw new Error(state.reason);
      // The files of ufw are this machine's own, and not the node's.
      return { ...state.value, ufw: null };
    }

    /** Ports whose verdict is the same for everybody: what packets do there must be what is foretold. */
    async function expectTruth(): Promise<string[]> {
      const state = await read();
      const decided = inboundVerdicts(state.tables, state.outside).filter(it => it.verdict !== 'unclear');
      const has = (port: number) => (range: PortRange) => range.from <= port && port <= range.to;
      const sure = seeDoors(NEEDED, state).flatMap(({ states, protocol, ...range }) =>
        states.flatMap(({ family, shut }) =>
          PORTS.filter(port => has(port)(range))
            .filter(port =>
              decided.some(it => it.family === family && it.protocol === protocol && has(port)(it)),
            )
            .map(port => ({ ip: ADDRESSES[family], protocol, port, isShut: shut.some(has(port)) })),
        ),
      );
      const arrived = await tester.arrives(sure);
      const words = (isShut: (i: number) => boolean) =>
        sure.map(({ ip, port, protocol }, i) => `${ip} ${port}/${protocol} ${isShut(i) ? 'shut' : 'open'}`);
      expect(words(i => !arrived[i])).toEqual(words(i => sure[i]!.isShut));
      return words(i => !arrived[i]);
    }

    /** Only what stays within the network of the node. */
    function run(argv: readonly string[]): void {
      if (!/^(?:nft|ip6?tables(?:-legacy)?|sh)$/.test(argv[0] ?? ''))
        throw new Error(`not here: ${argv.join(' ')}`);
      inNode(server, argv);
    }

    /** Does what is planned, looks, has nothing more to plan, undoes it, and has the rules as they were. */
    async function tryOut(load: () => void): Promise<void> {
      clear(server);
      load();
      const before = dump();
      const { steps, stuck } = planOpenings(NEEDED, await read());
      // What is redirected comes to the filter with another port.
      const redirected = /redirect|REDIRECT/.test(before);
      if (!redirected) expect(stuck).toEqual([]);
      for (const step of steps) run(step.kind === 'run' ? step.argv : []);
      const after = await expectTruth();
      if (stuck.length === 0) expect(after.filter(it => it.endsWith('shut'))).toEqual([]);
      expect(planOpenings(NEEDED, await read()).steps).toEqual([]);
      for (const step of steps.toReversed()) {
        run(step.kind === 'run' && typeof step.undo !== 'string' ? step.undo : []);
      }
      expect(dump()).toBe(before);
    }

    test.each(rulesetNames('nft'))('%s of nft', name =>
      tryOut(() => restore(server, ['nft', '-f', '-'], rulesetText(`${name}.nft`))),
    );

    test.each(rulesetNames('v4'))('%s of iptables', name =>
      tryOut(() => restore(server, ['iptables-nft-restore'], rulesetText(`${name}.v4`))),
    );

    test.each(seeds)('random rules of all three %i', seed =>
      tryOut(() => {
        restore(server, ['nft', '-f', '-'], randomNftRuleset(seed + 50_000));
        restore(server, ['iptables-nft-restore'], randomIptablesRuleset(seed + 60_000));
        restore(server, ['iptables-legacy-restore'], randomIptablesRuleset(seed + 70_000));
      }),
    );
  },
);
