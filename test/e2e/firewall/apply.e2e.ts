import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Step } from '../../../src/model/plan.ts';
import { shellLine } from '../../../src/util/shell-line.ts';
import { labAvailable } from '../../lab/available.ts';
import { type LabHost, startHost } from '../../lab/host.ts';
import { createNetwork, type Network } from '../../lab/network.ts';
import { turnctl } from '../../lab/turnctl.ts';
import { rulesetText } from '../../support/rulesets.ts';
import { type PacketTester, startPacketTester } from './packets.ts';

const available = labAvailable();

const CONFIGURATION = `listening-ip=203.0.113.10
listening-ip=2001:db8::10
min-port=49160
max-port=49260
realm=turn.example.org
use-auth-secret
static-auth-secret=q7Vb2mZk0sXe9RwT4uYhLab
`;

const PORTS = [22, 3478, 49_160, 49_260, 50_000] as const;

const ADDRESSES = ['203.0.113.10', '2001:db8::10'] as const;

/** Doors that the configuration needs, and some that it does not. */
const doors = ADDRESSES.flatMap(ip =>
  PORTS.flatMap(port => (['udp', 'tcp'] as const).map(protocol => ({ ip, protocol, port }))),
);

const NEEDED = ['3478/udp', '3478/tcp', '49160/udp', '49260/udp'];

/** All rules in force, without counters, and every file in which a tool keeps its own. */
const EVERYTHING = `
for tool in iptables ip6tables iptables-legacy ip6tables-legacy; do $tool-save | grep -v '^[#:]' || :; done
nft -s list ruleset
find /etc/ufw /etc/firewalld /etc/nftables* /etc/iptables -type f -printf '%p %m %u %g ' -exec sha256sum {} \\; 2>/dev/null | sort`;

interface Firewall {
  readonly name: string;
  /** Brings it up, with port 22 open and something in the way of the others. */
  readonly start: string;
  /** What `plan` prints for it; files are named. */
  readonly planned: readonly string[];
  /** What lets the rules outlast the next start, where that can be tried here. */
  readonly restart?: string;
  readonly stop: string;
}

const firewalls: readonly Firewall[] = [
  {
    name: 'ufw with rules that deny',
    start:
      'ufw allow 22/tcp; ufw deny 3478/tcp comment "no TCP"; ufw deny 49200:65000/udp; ufw --force enable',
    planned: [
      'ufw allow 3478/udp comment turnctl',
      'ufw allow 3478/tcp comment turnctl',
      'ufw prepend allow 49160:49260/udp comment turnctl',
    ],
    restart: 'ufw reload',
    stop: 'ufw --force reset',
  },
  {
    name: 'firewalld with a zone, ports and a rich rule',
    start:
      'systemctl start firewalld; firewall-cmd --state; for where in "" --permanent; do ' +
      'firewall-cmd $where --zone=dmz --change-interface=eth0; firewall-cmd $where --zone=dmz --add-port=49200-49210/udp; ' +
      'firewall-cmd $where --zone=dmz --add-rich-rule=\'rule family="ipv4" port port="3478" protocol="tcp" reject\'; done',
    planned: [
      'firewall-cmd --zone=dmz --add-port=3478/udp',
      'firewall-cmd --permanent --zone=dmz --add-port=3478/udp',
      'firewall-cmd --zone=dmz \'--add-rich-rule=rule priority="-100" port port="3478" protocol="tcp" accept\'',
      'firewall-cmd --permanent --zone=dmz \'--add-rich-rule=rule priority="-100" port port="3478" protocol="tcp" accept\'',
      'firewall-cmd --zone=dmz --add-port=49160-49199/udp',
      'firewall-cmd --zone=dmz --add-port=49211-49260/udp',
      'firewall-cmd --permanent --zone=dmz --add-port=49160-49199/udp',
      'firewall-cmd --permanent --zone=dmz --add-port=49211-49260/udp',
    ],
    restart: 'firewall-cmd --reload',
    stop: 'systemctl stop firewalld',
  },
  {
    name: 'nftables with sets, maps and chains of its own',
    start: 'systemctl restart nftables',
    planned: [
      'nft add rule inet filter input tcp dport 3478 accept comment \'"turnctl"\'',
      'nft insert rule inet filter input4 handle 15 udp dport 49160-49260 accept comment \'"turnctl"\'',
      'nft add rule inet filter input udp dport 49160-49260 accept comment \'"turnctl"\'',
      '/etc/nftables-turnctl.conf',
      '/etc/nftables.conf',
      'nft -c -f /etc/nftables.conf',
    ],
    restart: 'systemctl restart nftables',
    stop: 'systemctl stop nftables; nft flush ruleset',
  },
  {
    name: 'iptables of both kinds',
    start:
      'iptables-restore </tmp/rules.v4; ip6tables-restore </tmp/rules.v6; iptables-legacy -A INPUT -p udp --dport 49200:50000 -j DROP',
    planned: [
      ...['iptables -w -I INPUT 5', 'ip6tables -w -A INPUT'].map(
        it => `${it} -p udp -m udp --dport 3478 -m comment --comment turnctl -j ACCEPT`,
      ),
      ...['iptables -w -I INPUT 6', 'ip6tables -w -A INPUT'].map(
        it => `${it} -p tcp -m tcp --dport 3478 -m comment --comment turnctl -j ACCEPT`,
      ),
      ...['iptables -w -I INPUT 7', 'iptables-legacy -w -I INPUT 1', 'ip6tables -w -A INPUT'].map(
        it => `${it} -p udp -m udp --dport 49160:49260 -m comment --comment turnctl -j ACCEPT`,
      ),
    ],
    stop: 'iptables-legacy -F; nft flush ruleset',
  },
];

describe.skipIf(available !== true)(`firewall apply${available === true ? '' : ` (${available})`}`, () => {
  let network: Network;
  let lab: LabHost;
  let tester: PacketTester;

  beforeAll(async () => {
    network = createNetwork();
    const client = network.node('out', ['203.0.113.30/24', '2001:db8::30/64']);
    const server = network.node('srv', ['203.0.113.10/24', '2001:db8::10/64']);
    lab = await startHost(server, { units: ['dbus.service', 'nftables.service'] });
    lab.writeFile('/etc/turnserver.conf', CONFIGURATION);
    lab.writeFile('/etc/nftables.conf', `flush ruleset\n${rulesetText('sets-and-maps.nft')}`);
    lab.writeFile('/tmp/rules.v4', rulesetText('reject-before-accept.v4'));
    lab.writeFile('/tmp/rules.v6', rulesetText('policy-drop.v6'));
    await lab.must(['sh', '-ec', 'nft flush ruleset']);
    tester = await startPacketTester(server, client, PORTS);
  });
  afterAll(async () => {
    tester?.close();
    await lab?.stop();
    network?.close();
  });

  /** A reload of firewalld makes the same chains in another order. */
  const everything = async () =>
    (await lab.must(['sh', '-c', EVERYTHING]))
      .split(/\n+(?=\t?(?:chain|table|\}|\/etc))/)
      .sort()
      .join('\n');

  /** Ports that let somebody outside in, over IPv4 and IPv6. */
  async function open(): Promise<string[]> {
    const arrived = await tester.arrives(doors);
    const seen = (ip: string) =>
      doors
        .filter((door, i) => door.ip === ip && arrived[i])
        .map(({ port, protocol }) => `${port}/${protocol}`);
    return [...new Set(ADDRESSES.flatMap(seen))].map(door =>
      ADDRESSES.every(ip => seen(ip).includes(door)) ? door : `${door} in one family`,
    );
  }

  async function firewall(verb: string, ...flags: readonly string[]) {
    const { exitCode, stdout, stderr } = await turnctl(lab, ['firewall', verb, '--json', ...flags]);
    if (!stdout.startsWith('{')) throw new Error(`${verb} ended with ${exitCode}: ${stderr || stdout}`);
    return { exitCode, ...JSON.parse(stdout) };
  }

  describe.each(firewalls)('$name', ({ start, planned, restart, stop }) => {
    beforeAll(() => lab.must(['sh', '-ec', start]));
    afterAll(() => lab.must(['sh', '-ec', stop]));

    test('rules before, planned, after, after rollback', async () => {
      const before = await everything();
      const openBefore = await open();
      expect(openBefore).toContain('22/tcp');
      for (const door of NEEDED) if (door !== '3478/udp') expect(openBefore).not.toContain(door);
      expect((await firewall('show')).exitCode).toBe(1);

      const { plan } = await firewall('plan');
      expect(plan.risk).toBe('none');
      expect(
        plan.steps.map((step: Step) => (step.kind === 'run' ? shellLine(step.argv) : step.path)),
      ).toEqual(planned);
      expect(await everything()).toBe(before);

      const applied = await firewall('apply', '--yes');
      expect(applied).toMatchObject({ exitCode: 0, outcome: { state: 'kept' } });
      const expected = [...new Set([...openBefore, ...NEEDED])].filter(
        door => !door.startsWith('3478/udp in'),
      );
      expect((await open()).sort()).toEqual(expected.sort());

      const after = await everything();
      expect(await firewall('apply', '--yes')).toMatchObject({
        exitCode: 0,
        outcome: { state: 'nothing-to-do' },
      });
      expect(await everything()).toBe(after);
      expect((await firewall('show')).exitCode).toBe(0);

      if (restart !== undefined) {
        await lab.must(['sh', '-ec', restart]);
        expect((await open()).sort()).toEqual(expected.sort());
      }
      const undone = await turnctl(lab, ['rollback', applied.outcome.id]);
      expect(undone).toMatchObject({ exitCode: 0, stdout: `Run ${applied.outcome.id} is undone.\n` });
      expect(await everything()).toBe(before);
      expect(await open()).toEqual(openBefore);
    });
  });

  test('a tool that says yes and does nothing: the ports are looked at again, and all is put back', async () => {
    await lab.must(['sh', '-ec', 'ufw allow 22/tcp; ufw --force enable']);
    const before = await everything();
    lab.writeFile('/usr/local/sbin/ufw', '#!/bin/sh\necho "Rule added"\n', 0o755);
    const applied = await firewall('apply', '--yes');
    await lab.must(['rm', '/usr/local/sbin/ufw']);
    expect(applied).toMatchObject({ exitCode: 4, outcome: { state: 'undone' } });
    expect(applied.outcome.reason).toContain('3478/udp is shut');
    expect(await everything()).toBe(before);
    await lab.must(['ufw', '--force', 'reset']);
  });
});
