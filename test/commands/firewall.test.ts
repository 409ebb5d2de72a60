import { describe, expect, test } from 'vitest';
import { runFirewallApply } from '../../src/commands/firewall-apply.ts';
import { runFirewallPlan } from '../../src/commands/firewall-plan.ts';
import { runFirewallShow } from '../../src/commands/firewall-show.ts';
import { UsageError } from '../../src/commands/usage-error.ts';
import { type Host, HostError } from '../../src/host/host.ts';
import { type FakeIo, fakeIo, hostWith } from '../support/fake-io.ts';
import { rulesetText } from '../support/rulesets.ts';

const CONFIG = '/etc/turnserver.conf';
const LINES =
  'listening-ip=203.0.113.10\nlistening-ip=2001:db8::10\nrealm=turn.example.org\nmin-port=49160\nmax-port=49260\n' +
  'use-auth-secret\nstatic-auth-secret=q7Vb2mZk0sXe9RwT4uYhLab\n';

/** A host with this rule set of nft, a configuration, and nothing else. */
function hostWithRules(name: string): Host {
  const host = hostWith({ [CONFIG]: LINES, '/sys/class/dmi/id/sys_vendor': 'Hetzner\n' });
  const outputs: Readonly<Record<string, string>> = {
    'nft -j list ruleset': rulesetText(`${name}.json`),
    'nft -a -t list ruleset': rulesetText(`${name}.listing`),
  };
  return {
    ...host,
    async run(argv) {
      const stdout = outputs[argv.join(' ')];
      return stdout === undefined ? host.run(argv) : { exitCode: 0, stdout, stderr: '', truncated: false };
    },
  };
}

const ioOn = (host: Host, answers?: readonly string[]): FakeIo => {
  const left = [...(answers ?? [])];
  return {
    ...fakeIo(),
    host,
    writableHost: () => {
      throw new Error('nothing may be changed');
    },
    dialogue: answers === undefined ? null : talk => talk(async () => left.shift() ?? ''),
  };
};

const options = { config: CONFIG, asVersion: '4.6.1', format: 'human' } as const;

describe('firewall show', () => {
  test('says at 80 columns what is needed and which rule keeps it out', async () => {
    const io = ioOn(hostWithRules('some-senders'));
    expect(await runFirewallShow(options, io)).toBe(1);
    expect(io.printed.stdout).toMatchInlineSnapshot(`
      "FAIL  Clients or peers do not get in: the firewall shuts 3478/udp, 3478/tcp and
            49160-49260/udp
            2 errors, 0 rules passed, 2 not checked. Looked at: this host, coturn
            4.6.1 (as asked).

      Rules of nftables.

      needed for              ports            IPv4    IPv6
      STUN and TURN over UDP  3478/udp         shut    shut
      TURN over TCP           3478/tcp         some    shut
      relay, for peers        49160-49260/udp  shut    shut

      ✗ 3478/udp and 49160-49260/udp: IPv4 and IPv6 shut by inet filter input: policy
        drop
      ✗ 3478/tcp: IPv4 open to some senders only, and left so, by inet filter input:
        ip saddr 192.0.2.0/24 tcp dport 3478 accept
      ✗ 3478/tcp: IPv6 shut by inet filter input: policy drop

      The firewall of the cloud (hetzner) stands in front of this host, and nothing
      here shows it. turnctl does not run these; fill in the names in capitals:
        hcloud firewall add-rule FIREWALL --direction in --protocol udp --port 3478 --source-ips 0.0.0.0/0 --source-ips ::/0
        hcloud firewall add-rule FIREWALL --direction in --protocol tcp --port 3478 --source-ips 0.0.0.0/0 --source-ips ::/0
        hcloud firewall add-rule FIREWALL --direction in --protocol udp --port 49160-49260 --source-ips 0.0.0.0/0 --source-ips ::/0

      More: turnctl firewall plan shows what would open it
      "
    `);
    for (const line of io.printed.stdout.split('\n')) {
      if (!line.startsWith('  hcloud')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('the document has checks and the firewall section, and no secret', async () => {
    const io = ioOn(hostWithRules('policy-drop'));
    expect(await runFirewallShow({ ...options, json: true }, io)).toBe(1);
    const document = JSON.parse(io.printed.stdout);
    expect(document).toMatchObject({
      schemaVersion: 1,
      command: 'firewall show',
      verdict: { status: 'findings', exitCode: 1 },
      firewall: { manager: 'nftables', side: 'host', cloud: { name: 'hetzner' } },
    });
    expect(document.checks.map(({ id }: { id: string }) => id).sort()).toEqual([
      'firewall/listening-port-closed',
      'firewall/published-range-differs',
      'firewall/relay-range-closed',
      'firewall/udp-not-published',
    ]);
    expect(document.firewall.needed[0]).toMatchObject({
      use: 'udp',
      protocol: 'udp',
      from: 3478,
      states: [
        { family: 'ipv4', state: 'shut', by: ['inet filter input: policy drop'] },
        { family: 'ipv6', state: 'shut' },
      ],
    });
    expect(io.printed.stdout).not.toContain('q7Vb2mZk0sXe9RwT4uYhLab');
  });

  test('--fail-on never', async () => {
    expect(await runFirewallShow({ ...options, failOn: 'never' }, ioOn(hostWithRules('policy-drop')))).toBe(
      0,
    );
  });

  test('rules that cannot be read are no open firewall', async () => {
    const io = ioOn(hostWith({ [CONFIG]: LINES }));
    await expect(runFirewallShow(options, io)).rejects.toThrow(HostError);
  });

  test('no configuration, no ports', async () => {
    const host = { ...hostWithRules('policy-drop'), readFile: hostWith({}).readFile };
    await expect(runFirewallPlan({ config: CONFIG }, ioOn(host))).rejects.toThrow(HostError);
  });
});

describe('firewall plan', () => {
  test('steps with their undo, and nothing done', async () => {
    const io = ioOn(hostWithRules('policy-drop'));
    expect(await runFirewallPlan({ ...options, json: true }, io)).toBe(0);
    const { plan, stuck } = JSON.parse(io.printed.stdout);
    expect(plan).toMatchObject({
      resolves: ['firewall/listening-port-closed', 'firewall/relay-range-closed'],
      risk: 'none',
    });
    expect(plan.steps).toHaveLength(3);
    expect(stuck).toEqual([]);
  });

  test('the relay range for TCP when it is asked for', async () => {
    const io = ioOn(hostWithRules('policy-drop'));
    await runFirewallPlan({ ...options, tcpRelay: true }, io);
    expect(io.printed.stdout).toContain('tcp dport 49160-49260 accept');
  });

  test('commands of a cloud that was named, in the place of the one found', async () => {
    const io = ioOn(hostWithRules('policy-drop'));
    await runFirewallPlan({ ...options, cloud: 'aws' }, io);
    expect(io.printed.stdout).toContain('turnctl does not run these');
    expect(io.printed.stdout).toContain('aws ec2 authorize-security-group-ingress');
    expect(io.printed.stdout).not.toContain('hcloud');
  });
});

describe('firewall apply', () => {
  test('without a terminal it wants --yes', async () => {
    const io = ioOn(hostWithRules('policy-drop'));
    await expect(runFirewallApply(options, io)).rejects.toThrow(UsageError);
  });

  test('shows the plan, asks, and takes no for an answer', async () => {
    const io = ioOn(hostWithRules('policy-drop'), ['n']);
    expect(await runFirewallApply(options, io)).toBe(0);
    expect(io.printed.stderr).toContain('nft add rule inet filter input udp dport 3478 accept');
    expect(io.printed.stderr).toContain('Nothing was changed.');
  });
});
