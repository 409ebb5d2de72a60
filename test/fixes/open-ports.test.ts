import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type OpeningPlan, planOpenings } from '../../src/fixes/open-ports.ts';
import { chooseManager } from '../../src/host/firewall/backends.ts';
import { containerSide } from '../../src/host/firewall/docker-user.ts';
import { parseIptablesSave } from '../../src/host/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../src/host/firewall/nft-json.ts';
import type { Table } from '../../src/host/firewall/ruleset.ts';
import type { FirewallState } from '../../src/host/firewall/state.ts';
import type { UfwRule } from '../../src/host/firewall/ufw-rules.ts';
import { shellLine } from '../../src/util/shell-line.ts';
import { iptablesTables, nftTables, RELAY, stateWith, TCP, UDP } from '../support/rulesets.ts';

const plan = (tables: readonly Table[], more: Partial<FirewallState> = {}): OpeningPlan =>
  planOpenings([UDP, TCP, RELAY], stateWith(tables, { manager: chooseManager(tables), ...more }));

/** Commands as a person would type them, and paths of files. */
const linesOf = ({ steps }: OpeningPlan): string[] =>
  steps.map(step => (step.kind === 'run' ? shellLine(step.argv) : step.path));

const nftRule = (rule: string) => `nft ${rule} accept comment '"turnctl"'`;
const iptablesRule = (place: string, ports: string) => {
  const [, protocol = ''] = ports.split('/');
  return `${place} -p ${protocol} -m ${protocol} --dport ${ports.split('/')[0]} -m comment --comment turnctl -j ACCEPT`;
};

describe('nft', () => {
  const cases: readonly { readonly name: string; readonly planned: readonly string[] }[] = [
    {
      name: 'policy-drop',
      planned: ['udp dport 3478', 'tcp dport 3478', 'udp dport 49160-49260'].map(it =>
        nftRule(`add rule inet filter input ${it}`),
      ),
    },
    {
      name: 'reject-last',
      planned: ['tcp dport 3478', 'udp dport 49160-49260'].map(it =>
        nftRule(`insert rule inet firewall input handle 10 ${it}`),
      ),
    },
    {
      name: 'sets-and-maps',
      planned: [
        nftRule('add rule inet filter input tcp dport 3478'),
        nftRule('insert rule inet filter input4 handle 15 udp dport 49160-49260'),
        nftRule('add rule inet filter input udp dport 49160-49260'),
      ],
    },
    {
      // Behind the senders that the chain drops, before the drop of all.
      name: 'jumped-chains',
      planned: ['udp dport 3478', 'tcp dport 3478', 'udp dport 49160-49260'].map(it =>
        nftRule(`insert rule inet filter wan handle 9 ${it}`),
      ),
    },
    {
      // The chain is forward's too, so the rules stand before the jump into it.
      name: 'shared-chain',
      planned: ['udp dport 3478', 'tcp dport 3478', 'udp dport 49160-49260'].map(it =>
        nftRule(`insert rule inet filter input handle 9 ${it}`),
      ),
    },
    {
      // An accept in one table does not outweigh a drop in another: each gets its own.
      name: 'several-tables',
      planned: [
        nftRule('insert rule inet early prerouting handle 3 udp dport 3478'),
        nftRule('add rule ip6 filter input udp dport 3478'),
        nftRule('add rule ip filter INPUT_HOOK tcp dport 3478'),
        nftRule('insert rule inet early late handle 4 tcp dport 3478'),
        nftRule('add rule ip6 filter input tcp dport 3478'),
        nftRule('insert rule inet early prerouting handle 3 udp dport 49160-49260'),
        nftRule('add rule ip filter INPUT_HOOK udp dport 49160-49260'),
        nftRule('add rule ip6 filter input udp dport 49160-49260'),
      ],
    },
    {
      // 10.0.0.0/8 is let in everywhere, which lets nobody else in; 3478/tcp is meant for some over IPv4, and stays so.
      name: 'some-senders',
      planned: [
        nftRule('add rule inet filter input udp dport 3478'),
        nftRule('add rule inet filter input meta nfproto ipv6 tcp dport 3478'),
        nftRule('add rule inet filter input udp dport 49160-49260'),
      ],
    },
  ];

  test.each(cases)('$name', ({ name, planned }) => {
    const made = plan(nftTables(name));
    expect(linesOf(made)).toEqual(planned);
    expect(made.stuck).toEqual([]);
    expect(made.notes).toEqual(['nftables.service is not enabled: the rules last until the next start.']);
  });

  test('no rules, nothing to do', () => {
    expect(plan([])).toEqual({ steps: [], stuck: [], notes: [] });
  });

  test('the undo looks the rule up by its words, given as arguments', () => {
    const [step] = plan(nftTables('policy-drop')).steps;
    expect(step?.kind === 'run' && step.undo.slice(3)).toEqual([
      'sh',
      'inet',
      'filter',
      'input',
      'udp dport 3478 accept comment "turnctl"',
    ]);
  });
});

describe('nft, kept over the next start', () => {
  const file = (text: string) => ({ path: '/etc/nftables.conf', text, sha256: 'of-the-file' });
  const declared = file('flush ruleset\ntable inet filter {\n\tchain input {\n\t}\n}');
  const keeping = (nftables: FirewallState['nftables']) => plan(nftTables('policy-drop'), { nftables });

  test('a file of our own, one line in the operator’s, and a proof that it loads', () => {
    const made = keeping({ enabled: true, file: declared, own: null });
    const [own, include, check] = made.steps.slice(-3);
    expect(own).toMatchObject({
      kind: 'put-file',
      path: '/etc/nftables-turnctl.conf',
      expectSha256: 'absent',
      content: [
        '# Written by turnctl: ports of coturn. turnserver.conf decides which.',
        'add rule inet filter input udp dport 3478 accept comment "turnctl"',
        'add rule inet filter input tcp dport 3478 accept comment "turnctl"',
        'add rule inet filter input udp dport 49160-49260 accept comment "turnctl"',
        '',
      ].join('\n'),
    });
    expect(include).toMatchObject({
      path: '/etc/nftables.conf',
      expectSha256: 'of-the-file',
      content: `${declared.text}\ninclude "/etc/nftables-turnctl*.conf"\n`,
    });
    expect(check).toMatchObject({ argv: ['nft', '-c', '-f', '/etc/nftables.conf'], undo: 'none-needed' });
    expect(made.notes).toEqual([]);
  });

  test('files that have it all are left alone', () => {
    const before = keeping({ enabled: true, file: declared, own: null });
    const texts = before.steps.flatMap(step => (step.kind === 'put-file' ? [step.content] : []));
    const again = keeping({
      enabled: true,
      own: { path: '/etc/nftables-turnctl.conf', text: texts[0]!, sha256: '1' },
      file: file(texts[1]!),
    });
    expect(again.steps.filter(({ kind }) => kind === 'put-file')).toEqual([]);
  });

  test('an include in front of the tables comes too early', () => {
    const early = file(`include "/etc/nftables-turnctl*.conf"\n${declared.text}\n`);
    expect(linesOf(keeping({ enabled: true, file: early, own: null }))).toContain('/etc/nftables.conf');
  });

  test('a chain that the file does not make would keep all its rules from loading', () => {
    const made = keeping({ enabled: true, file: file('table ip nat { }\n'), own: null });
    expect(made.steps.filter(({ kind }) => kind === 'put-file')).toEqual([]);
    expect(made.notes.join()).toContain('has no chain input in table inet filter');
  });
});

describe('iptables', () => {
  const cases: readonly { readonly file: string; readonly planned: readonly string[] }[] = [
    {
      file: 'policy-drop.v4',
      planned: ['3478/udp', '3478/tcp', '49160:49260/udp'].map(it =>
        iptablesRule('iptables -w -A INPUT', it),
      ),
    },
    {
      // The accepts that the operator put behind the REJECT never had an effect.
      file: 'reject-before-accept.v4',
      planned: ['3478/udp', '3478/tcp', '49160:49260/udp'].map((it, i) =>
        iptablesRule(`iptables -w -I INPUT ${5 + i}`, it),
      ),
    },
    {
      file: 'shared-chain.v4',
      planned: ['3478/udp', '3478/tcp', '49160:49260/udp'].map((it, i) =>
        iptablesRule(`iptables -w -I INPUT ${1 + i}`, it),
      ),
    },
    {
      file: 'early-drop.v4',
      planned: [
        iptablesRule('iptables -w -t mangle -I PREROUTING 2', '3478/udp'),
        iptablesRule('iptables -w -I services 3', '3478/udp'),
        iptablesRule('iptables -w -t mangle -I PREROUTING 3', '49160:49260/udp'),
        iptablesRule('iptables -w -I services 4', '49160:49260/udp'),
      ],
    },
    { file: 'docker-user.v4', planned: [] },
  ];
  test.each(cases)('$file', ({ file, planned }) => {
    const made = plan(iptablesTables(file));
    expect(linesOf(made)).toEqual(planned);
    expect(made.stuck).toEqual([]);
  });

  test('IPv6 has its own program, and so have the rules of the older kernel interface', () => {
    const tables = [
      ...iptablesTables('policy-drop.v6', 'ip6tables'),
      ...iptablesTables('policy-drop.v4', 'iptables-legacy'),
    ];
    const programs = (variant: 'nft' | 'legacy') =>
      new Set(
        linesOf(plan(tables, { iptables: { variant, persistent: false } })).map(it => it.split(' ')[0]),
      );
    expect(programs('nft')).toEqual(new Set(['iptables-legacy', 'ip6tables']));
    expect(programs('legacy')).toEqual(new Set(['iptables', 'ip6tables-nft']));
  });

  test('netfilter-persistent keeps them, and its files are given back', () => {
    const made = plan(iptablesTables('policy-drop.v4'), { iptables: { variant: 'nft', persistent: true } });
    expect(made.steps.at(-1)).toMatchObject({
      argv: ['netfilter-persistent', 'save'],
      undo: 'none-needed',
      touches: ['/etc/iptables/rules.v4', '/etc/iptables/rules.v6'],
    });
    expect(made.notes).toEqual([]);
  });

  test('DOCKER-USER: the packet goes on to what Docker itself lets in', () => {
    const state = containerSide(stateWith(iptablesTables('docker-user.v4')));
    const made = planOpenings([UDP], state);
    expect(linesOf(made)).toEqual([
      'iptables -w -I DOCKER-USER 3 -p udp -m udp --dport 3478 -m comment --comment turnctl -j RETURN',
    ]);
    expect(made.notes.join()).toContain('after docker.service');
  });
});

describe('ufw', () => {
  const saved = (file: string) =>
    readFileSync(new URL(`../fixtures/firewall/${file}`, import.meta.url), 'utf8');
  // 22/tcp and 3478/udp allowed, 2222/tcp limited, 5000:5100/udp denied.
  const ufwTables = (edit = (text: string) => text) => [
    ...parseIptablesSave(edit(saved('ufw.iptables-save')), 'iptables'),
    ...parseIptablesSave(saved('ufw.ip6tables-save'), 'ip6tables'),
  ];
  const DENIED: UfwRule = {
    action: 'deny_log',
    protocol: 'udp',
    ports: '5000:5100',
    general: true,
    comment: 'games',
  };
  const withRelay = (from: number, to: number, tables = ufwTables()) =>
    planOpenings(
      [{ ...RELAY, from, to }],
      stateWith(tables, { manager: 'ufw', ufw: { enabled: true, rules: [DENIED] } }),
    );

  test('allows what nothing of the operator’s own shuts', () => {
    const made = plan(ufwTables(), { ufw: { enabled: true, rules: [] } });
    expect(linesOf(made)).toEqual([
      'ufw allow 3478/tcp comment turnctl',
      'ufw allow 49160:49260/udp comment turnctl',
    ]);
    expect(made.steps[0]).toMatchObject({
      undo: ['ufw', 'delete', 'allow', '3478/tcp'],
      touches: ['/etc/ufw/user.rules', '/etc/ufw/user6.rules'],
    });
  });

  test('files are given back by the first step, whose undo is the last', () => {
    const { steps } = plan(ufwTables(), { ufw: { enabled: true, rules: [] } });
    expect(steps.map(step => 'touches' in step)).toEqual([true, false]);
  });

  test('goes in front of a rule that denies some of the range', () => {
    expect(linesOf(withRelay(4990, 5200))).toEqual(['ufw prepend allow 4990:5200/udp comment turnctl']);
  });

  test('a rule about the very same ports is turned round, and back with its comment', () => {
    const made = withRelay(5000, 5100);
    expect(linesOf(made)).toEqual(['ufw allow 5000:5100/udp comment turnctl']);
    expect(made.steps[0]).toMatchObject({
      undo: ['ufw', 'deny', 'log', '5000:5100/udp', 'comment', 'games'],
    });
  });

  test('what before.rules drops, ufw cannot open: a rule in that chain does, and says how long', () => {
    const tables = ufwTables(text =>
      text.replace(
        '-A ufw-before-input ',
        '-A ufw-before-input -p udp -m udp --dport 49160:49260 -j DROP\n$&',
      ),
    );
    const made = withRelay(49_160, 49_260, tables);
    expect(linesOf(made)[0]).toBe(iptablesRule('iptables -w -I ufw-before-input 1', '49160:49260/udp'));
    expect(made.notes.join()).toContain('ufw knows nothing of the rule');
  });

  test('switched off it gets its rules, and stays off', () => {
    const made = plan([], { ufw: { enabled: false, rules: [{ ...DENIED, ports: '49000:50000' }] } });
    expect(linesOf(made)).toEqual([
      'ufw allow 3478/udp comment turnctl',
      'ufw allow 3478/tcp comment turnctl',
      'ufw prepend allow 49160:49260/udp comment turnctl',
    ]);
    expect(made.notes.join()).toContain('stays off');
    const ready = ['3478', '49160:49260'].map(ports => ({
      ...DENIED,
      action: 'allow',
      protocol: 'any',
      ports,
    }));
    expect(plan([], { ufw: { enabled: false, rules: ready } }).steps).toEqual([]);
  });
});

describe('firewalld', () => {
  const read = (end: string) =>
    readFileSync(new URL(`../fixtures/firewall/firewalld-dmz.${end}`, import.meta.url), 'utf8');
  const tables = parseNftRuleset(read('json'), read('nft'));
  const firewalld = { zone: 'dmz', ports: ['49200-49210/udp'] };

  test('ports in the zone, now and for good, and of a range what is missing', () => {
    const made = planOpenings(
      [
        { ...TCP, from: 5349, to: 5349 },
        { ...RELAY, from: 49_200, to: 49_300 },
      ],
      stateWith(tables, { manager: 'firewalld', firewalld }),
    );
    expect(linesOf(made)).toEqual([
      'firewall-cmd --zone=dmz --add-port=5349/tcp',
      'firewall-cmd --permanent --zone=dmz --add-port=5349/tcp',
      'firewall-cmd --zone=dmz --add-port=49200-49300/udp',
      'firewall-cmd --permanent --zone=dmz --add-port=49211-49300/udp',
    ]);
    expect(made.steps.at(-1)).toMatchObject({
      undo: ['firewall-cmd', '--permanent', '--zone=dmz', '--remove-port=49211-49300/udp'],
    });
  });
});
