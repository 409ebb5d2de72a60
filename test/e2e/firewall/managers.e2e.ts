import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatherFirewall } from '../../../src/facts/firewall.ts';
import type { Host } from '../../../src/host/host.ts';
import { localHost } from '../../../src/host/local.ts';
import type { FirewallFact } from '../../../src/model/firewall.ts';
import { openCommand } from '../../../src/rules/firewall-commands.ts';
import { labAvailable } from '../../lab/available.ts';
import { type LabHost, startHost } from '../../lab/host.ts';
import { createNetwork, type Network } from '../../lab/network.ts';
import { type PacketTester, startPacketTester } from './packets.ts';

const available = labAvailable();

const PORTS = [22, 3478, 5349, 49_152, 60_000] as const;

/** A host of the lab as turnctl sees a host. */
const hostOf = (lab: LabHost): Host => ({
  ...localHost(),
  run: async argv => ({ ...(await lab.exec(argv)), truncated: false }),
  readFile: async path => new TextEncoder().encode(await lab.must(['cat', path])),
});

describe.skipIf(available !== true)(`managers${available === true ? '' : ` (${available})`}`, () => {
  let network: Network;
  let lab: LabHost;
  let tester: PacketTester;

  beforeAll(async () => {
    network = createNetwork();
    const client = network.node('out', ['203.0.113.30/24', '2001:db8::30/64']);
    const server = network.node('srv', ['203.0.113.10/24', '2001:db8::10/64']);
    lab = await startHost(server, { units: ['dbus.service'] });
    tester = await startPacketTester(server, client, PORTS);
  });
  afterAll(async () => {
    tester?.close();
    await lab?.stop();
    network?.close();
  });

  async function gather(): Promise<FirewallFact> {
    const fact = await gatherFirewall(hostOf(lab));
    if (!fact.known) throw new Error(fact.reason);
    return fact.value;
  }

  const verdictOf = (fact: FirewallFact, protocol: 'udp' | 'tcp', port: number) =>
    fact.inbound.find(
      it => it.family === 'ipv4' && it.protocol === protocol && it.from <= port && port <= it.to,
    )!;

  /** What the evaluator says of each port and protocol must be what packets do. */
  async function expectTruth(fact: FirewallFact): Promise<void> {
    const doors = PORTS.flatMap(port =>
      (['udp', 'tcp'] as const).map(protocol => ({ ip: '203.0.113.10', protocol, port })),
    );
    const arrived = await tester.arrives(doors);
    expect(doors.map(({ protocol, port }) => verdictOf(fact, protocol, port).verdict)).toEqual(
      arrived.map(it => (it ? 'open' : 'shut')),
    );
  }

  /** Runs the command a finding would name, and sees that it opens the port. */
  async function open(protocol: 'udp' | 'tcp', from: number, to = from): Promise<string> {
    const fact = await gather();
    const shut = verdictOf(fact, protocol, from);
    expect(shut.verdict).toBe('shut');
    const command = openCommand(fact, shut, { protocol, from, to })!;
    await lab.must(['sh', '-ec', command]);
    const after = await gather();
    expect(verdictOf(after, protocol, from).verdict).toBe('open');
    expect(verdictOf(after, protocol, to).verdict).toBe('open');
    await expectTruth(after);
    return command;
  }

  test('ufw', async () => {
    await lab.must(['ufw', 'deny', '5349/tcp']);
    await lab.must(['ufw', 'deny', '50000:65000/udp']);
    await lab.must(['ufw', '--force', 'enable']);
    const fact = await gather();
    expect(fact.manager).toBe('ufw');
    await expectTruth(fact);
    expect(await open('udp', 3478)).toBe('ufw allow 3478/udp');
    expect(await open('udp', 60_000, 65_000)).toBe('ufw prepend allow 60000:65000/udp');
    expect(await open('udp', 49_152, 65_535)).toBe('ufw allow 49152:65535/udp');
    expect(await open('tcp', 5349)).toBe('ufw allow 5349/tcp');
    await lab.must(['ufw', 'disable']);
    expect((await gather()).manager).toBe('none');
    await expectTruth(await gather());
  });

  test('firewalld', async () => {
    await lab.must(['systemctl', 'start', 'firewalld']);
    // The first answer comes when all rules are loaded.
    await lab.must(['firewall-cmd', '--state']);
    await lab.must(['firewall-cmd', '--zone=dmz', '--change-interface=eth0']);
    const fact = await gather();
    expect(fact).toMatchObject({ manager: 'firewalld', zone: 'dmz' });
    await expectTruth(fact);
    expect(await open('udp', 3478)).toBe(
      'firewall-cmd --zone=dmz --add-port=3478/udp && firewall-cmd --zone=dmz --add-port=3478/udp --permanent',
    );
    await open('udp', 49_152, 65_535);
    await lab.must(['systemctl', 'stop', 'firewalld']);
    expect((await gather()).manager).toBe('none');
  });

  test('nftables', async () => {
    const rules =
      'add table inet filter; add chain inet filter input { type filter hook input priority 0; policy drop; }; add rule inet filter input tcp dport 5349 drop';
    await lab.must(['nft', rules]);
    const fact = await gather();
    expect(fact.manager).toBe('nftables');
    await expectTruth(fact);
    expect(await open('udp', 3478)).toBe('nft add rule inet filter input udp dport 3478 accept');
    expect(await open('tcp', 5349)).toBe('nft insert rule inet filter input tcp dport 5349 accept');
    await lab.must(['nft', 'delete table inet filter']);
  });

  test('iptables', async () => {
    await lab.must(['iptables', '-P', 'INPUT', 'DROP']);
    expect((await gather()).manager).toBe('iptables');
    expect(await open('udp', 3478)).toBe('iptables -I INPUT -p udp --dport 3478 -j ACCEPT');
    await lab.must(['iptables', '-P', 'INPUT', 'ACCEPT']);
  });
});
