import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gatherFirewall } from '../../src/facts/firewall.ts';
import { defaultInterfaces } from '../../src/host/firewall/outside.ts';
import { type Host, HostError } from '../../src/host/host.ts';

const saved = readFileSync(new URL('../fixtures/firewall/ufw.iptables-save', import.meta.url), 'utf8');

interface Given {
  /** Standard output by command line; a number is an exit code with the message of somebody who is not root. */
  readonly commands?: Readonly<Record<string, string | number>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** A host with these programs and files and no others. */
function hostWith({ commands = {}, files = {} }: Given): Host & { readonly started: string[] } {
  const started: string[] = [];
  const refuse = async () => {
    throw new HostError('not-found', 'not here');
  };
  return {
    name: 'srv',
    started,
    async run(argv) {
      const line = argv.join(' ');
      const known = Object.keys(commands).some(command => command.split(' ')[0] === argv[0]);
      if (!known) throw new HostError('no-such-program', `there is no ${argv[0]}`);
      started.push(line);
      const output = commands[line] ?? 1;
      return typeof output === 'number'
        ? {
            exitCode: output,
            stdout: '',
            stderr: 'Operation not permitted (you must be root)\n',
            truncated: false,
          }
        : { exitCode: 0, stdout: output, stderr: '', truncated: false };
    },
    async readFile(path) {
      const text = files[path];
      if (text === undefined) throw new HostError('not-found', `${path} is not there`);
      return new TextEncoder().encode(text);
    },
    readDirectory: refuse,
    readLink: refuse,
    status: refuse,
  };
}

const nft = (...objects: readonly unknown[]) => ({
  'nft -j list ruleset': JSON.stringify({ nftables: [{ metainfo: {} }, ...objects] }),
  'nft -a -t list ruleset': '',
});

const inputTable = (...rules: readonly unknown[][]) => [
  { table: { family: 'ip', name: 'filter' } },
  {
    chain: {
      family: 'ip',
      table: 'filter',
      name: 'INPUT',
      type: 'filter',
      hook: 'input',
      prio: 0,
      policy: 'drop',
    },
  },
  ...rules.map((expr, handle) => ({ rule: { family: 'ip', table: 'filter', chain: 'INPUT', handle, expr } })),
];

const dport = (port: number) => ({
  match: { op: '==', left: { payload: { protocol: 'udp', field: 'dport' } }, right: port },
});

async function verdictOf(given: Given, protocol: 'udp' | 'tcp', port: number) {
  const fact = await gatherFirewall(hostWith(given));
  if (!fact.known) throw new Error(fact.reason);
  const found = fact.value.inbound.find(
    it => it.family === 'ipv4' && it.protocol === protocol && it.from <= port && port <= it.to,
  )!;
  return `${fact.value.manager}: ${found.verdict} by ${found.by}`;
}

describe('which programs are asked', () => {
  test('no rules: nft alone, and everything is open', async () => {
    const host = hostWith({ commands: nft() });
    const fact = await gatherFirewall(host);
    expect(fact).toMatchObject({ known: true, value: { manager: 'none' } });
    expect(fact.known && fact.value.inbound).toHaveLength(4);
    expect(host.started).toEqual(['nft -j list ruleset', 'nft -a -t list ruleset']);
  });

  test('a table of iptables is read in its own words', async () => {
    const commands = {
      ...nft(...inputTable([{ xt: { type: 'match', name: 'conntrack' } }])),
      'iptables-nft-save': saved,
    };
    expect(await verdictOf({ commands }, 'udp', 3478)).toBe(
      'ufw: open by iptables -A ufw-user-input -p udp -m udp --dport 3478 -j ACCEPT',
    );
  });

  test('a verdict map among the rules of iptables, which its save would cut short, is read from nft', async () => {
    const vmap = {
      key: { payload: { protocol: 'udp', field: 'dport' } },
      data: { set: [[3478, { accept: null }]] },
    };
    const commands = { ...nft(...inputTable([{ vmap }])), 'iptables-nft-save': saved };
    expect(await verdictOf({ commands }, 'udp', 3478)).toBe('nftables: open by ip filter INPUT: rule');
    expect(await verdictOf({ commands }, 'udp', 22)).toBe('nftables: shut by ip filter INPUT: policy drop');
  });

  test('a base chain with a name of its own, of which iptables-nft-save prints nothing, is read from nft', async () => {
    const [table, chain, ...rules] = inputTable([dport(3478), { accept: null }]);
    const renamed = JSON.parse(JSON.stringify([table, chain, ...rules]).replaceAll('"INPUT"', '"wan"'));
    const commands = { ...nft(...renamed), 'iptables-nft-save': '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n' };
    expect(await verdictOf({ commands }, 'udp', 22)).toBe('nftables: shut by ip filter wan: policy drop');
  });

  test('a network let in everywhere opens nothing to anybody else; a port some are let in to by name is theirs', async () => {
    const from = (addr: string) => ({
      match: {
        op: '==',
        left: { payload: { protocol: 'ip', field: 'saddr' } },
        right: { prefix: { addr, len: 24 } },
      },
    });
    const accept = { accept: null };
    const commands = nft(
      ...inputTable([from('192.0.2.0'), accept], [from('198.51.100.0'), dport(3478), accept]),
    );
    expect(await verdictOf({ commands }, 'udp', 22)).toMatch(
      'nftables: shut by ip filter INPUT: policy drop',
    );
    expect(await verdictOf({ commands }, 'udp', 3478)).toMatch('nftables: unclear');
  });

  test('without iptables its table is read from nft', async () => {
    const commands = nft(...inputTable([dport(3478), { accept: null }]));
    expect(await verdictOf({ commands }, 'udp', 3478)).toMatch('nftables: open');
  });

  test('without nft iptables tells all', async () => {
    const commands = { 'iptables-nft-save': saved, 'ip6tables-nft-save': '' };
    expect(await verdictOf({ commands }, 'tcp', 23)).toBe('ufw: shut by iptables -P INPUT DROP');
  });

  test('rules of the older interface count too', async () => {
    const commands = { ...nft(), 'iptables-legacy-save': '*filter\n:INPUT DROP [0:0]\nCOMMIT\n' };
    const files = { '/proc/net/ip_tables_names': 'filter\n' };
    expect(await verdictOf({ commands, files }, 'udp', 1)).toBe(
      'iptables: shut by iptables-legacy -P INPUT DROP',
    );
  });

  test('an iptables from before there were two', async () => {
    const commands = { 'iptables-save': '*filter\n:INPUT DROP [0:0]\nCOMMIT\n', 'ip6tables-save': '' };
    const files = { '/proc/net/ip_tables_names': 'filter\n' };
    expect(await verdictOf({ commands, files }, 'udp', 1)).toMatch('iptables: shut by iptables');
  });
});

describe('what is not known', () => {
  const cases = [
    {
      name: 'not root',
      given: { commands: { 'nft -j list ruleset': 1 } },
      reason: 'nft: Operation not permitted',
    },
    {
      name: 'not root, for iptables',
      given: { commands: { ...nft(...inputTable([{ counter: null }])), 'iptables-nft-save': 1 } },
      reason: 'iptables-nft-save: Operation not permitted',
    },
    { name: 'no program at all', given: {}, reason: 'neither nft nor iptables is installed' },
  ] as const;
  test.each(cases)('$name', async ({ given, reason }) => {
    const fact = await gatherFirewall(hostWith(given));
    expect(fact).toMatchObject({ known: false });
    expect(fact.known || fact.reason).toMatch(reason);
  });
});

test('the interface of the default route faces outside', async () => {
  const route = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'ens3\t00000000\t010071CB\t0003\t0\t0\t100\t00000000\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
  ].join('\n');
  const zeros = '0'.repeat(32);
  const route6 = [
    `20010db8000000000000000000000000 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001 ens4`,
    `${zeros} 00 ${zeros} 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003 ens4`,
    `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200 lo`,
  ].join('\n');
  expect(defaultInterfaces(route, route6)).toEqual(['ens3', 'ens4']);
  expect(defaultInterfaces('', '')).toEqual([]);
});
