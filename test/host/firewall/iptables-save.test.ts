import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chooseManager } from '../../../src/host/firewall/backends.ts';
import { parseIptablesSave, splitWords } from '../../../src/host/firewall/iptables-save.ts';
import type { Table } from '../../../src/host/firewall/ruleset.ts';
import { decidedBy, fates } from './verdict-table.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/firewall/${name}`, import.meta.url), 'utf8');

const filter = (policy: string, ...rules: readonly string[]): Table[] =>
  parseIptablesSave(['*filter', `:INPUT ${policy} [0:0]`, ...rules, 'COMMIT'].join('\n'), 'iptables');

const all = (verdict: string) => `0-65535 ${verdict}`;

/** One rule in front of a policy that says the opposite, and what becomes of UDP. */
const rules: readonly { rule: string; udp: string }[] = [
  { rule: '-p udp -m udp --dport 3478 -j ACCEPT', udp: '0-3477 shut, 3478 open, 3479-65535 shut' },
  { rule: '-p udp -m udp ! --dport 3478 -j ACCEPT', udp: '0-3477 open, 3478 shut, 3479-65535 open' },
  { rule: '-p udp -m udp --dport 49152:65535 -j ACCEPT', udp: '0-49151 shut, 49152-65535 open' },
  { rule: '-p udp -m udp --dport :1023 -j ACCEPT', udp: '0-1023 open, 1024-65535 shut' },
  {
    rule: '-p udp -m multiport --dports 53,3478:3479 -j ACCEPT',
    udp: '0-52 shut, 53 open, 54-3477 shut, 3478-3479 open, 3480-65535 shut',
  },
  { rule: '-p 17 -j ACCEPT', udp: all('open') },
  { rule: '-p all -j ACCEPT', udp: all('open') },
  { rule: '! -p tcp -j ACCEPT', udp: all('open') },
  { rule: '-p tcp -j ACCEPT', udp: all('shut') },
  { rule: '-p icmp -m icmp --icmp-type 8 -j ACCEPT', udp: all('shut') },
  { rule: '-i lo -j ACCEPT', udp: all('shut') },
  { rule: '! -i lo -j ACCEPT', udp: all('open') },
  { rule: '-i eth0 -j ACCEPT', udp: all('open') },
  { rule: '-i eth+ -j ACCEPT', udp: all('open') },
  { rule: '-i docker0 -j ACCEPT', udp: all('shut') },
  { rule: '-o eth0 -j ACCEPT', udp: all('shut') },
  { rule: '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', udp: all('shut') },
  { rule: '-m conntrack --ctstate NEW -j ACCEPT', udp: all('open') },
  { rule: '-m conntrack --ctstate DNAT -j ACCEPT', udp: all('shut') },
  { rule: '-m state --state NEW,ESTABLISHED -j ACCEPT', udp: all('open') },
  { rule: '-m conntrack --ctstatus DNAT -j ACCEPT', udp: all('shut') },
  { rule: '-s 198.51.100.0/24 -j ACCEPT', udp: all('unclear') },
  { rule: '-s 127.0.0.0/8 -j ACCEPT', udp: all('shut') },
  { rule: '-s 0.0.0.0/0 -j ACCEPT', udp: all('open') },
  { rule: '-d 203.0.113.10/32 -j ACCEPT', udp: all('open') },
  { rule: '-d 203.0.113.0/255.255.255.0 -j ACCEPT', udp: all('open') },
  { rule: '-d 203.0.113.99/32 -j ACCEPT', udp: all('shut') },
  { rule: '-d 224.0.0.251/32 -j ACCEPT', udp: all('shut') },
  { rule: '-m iprange --src-range 198.51.100.1-198.51.100.9 -j ACCEPT', udp: all('unclear') },
  { rule: '-m addrtype --dst-type LOCAL -j ACCEPT', udp: all('open') },
  { rule: '-m addrtype --dst-type BROADCAST -j ACCEPT', udp: all('shut') },
  { rule: '-m limit --limit 3/min --limit-burst 10 -j ACCEPT', udp: all('open') },
  {
    rule: '-m hashlimit --hashlimit-upto 5/sec --hashlimit-mode srcip --hashlimit-name turn -j ACCEPT',
    udp: all('open'),
  },
  { rule: '-m hashlimit --hashlimit-above 5/sec --hashlimit-name turn -j ACCEPT', udp: all('shut') },
  {
    rule: '-m recent --update --seconds 30 --hitcount 6 --name DEFAULT --rsource -j ACCEPT',
    udp: all('shut'),
  },
  { rule: '-m set --match-set friends src -j ACCEPT', udp: all('unclear') },
  { rule: '-m geoip --source-country DE -j ACCEPT', udp: all('unclear') },
  { rule: '-m mark --mark 0x1 -j ACCEPT', udp: all('shut') },
  { rule: '-p udp -m udp --sport 53 -j ACCEPT', udp: all('unclear') },
  { rule: '-m comment --comment "all of \\"them\\" -j DROP" -j ACCEPT', udp: all('open') },
  { rule: '-j NFQUEUE --queue-num 1', udp: all('unclear') },
  { rule: '-j LOG --log-prefix "in: "', udp: all('shut') },
  { rule: '-j SOMETHING-NEW', udp: all('unclear') },
];

describe('one rule before a policy', () => {
  test.each(rules)('$rule', ({ rule, udp }) => {
    expect(fates(filter('DROP', `-A INPUT ${rule}`), 'udp')).toBe(udp);
  });

  test('reject, and a counter in front', () => {
    const tables = filter(
      'ACCEPT',
      '[7:420] -A INPUT -p udp -m udp --dport 5 -j REJECT --reject-with icmp-port-unreachable',
    );
    expect(fates(tables, 'udp')).toBe('0-4 open, 5 shut, 6-65535 open');
    expect(decidedBy(tables, 'udp', 5)).toBe(
      'iptables -A INPUT -p udp -m udp --dport 5 -j REJECT --reject-with icmp-port-unreachable',
    );
  });

  test('what is uncertain does not matter where both outcomes agree', () => {
    const tables = filter('DROP', '-A INPUT -s 198.51.100.7/32 -j DROP');
    expect(fates(tables, 'udp')).toBe(all('shut'));
    expect(decidedBy(tables, 'udp', 1)).toBe('iptables -P INPUT DROP');
  });
});

describe('chains', () => {
  test('return, goto and jump', () => {
    const tables = filter(
      'DROP',
      ':one - [0:0]',
      ':two - [0:0]',
      '-A INPUT -p udp -m udp --dport 1 -j one',
      '-A INPUT -p udp -m udp --dport 2 -g one',
      '-A INPUT -p udp -m udp --dport 1:2 -j ACCEPT',
      '-A one -j two',
      '-A two -j RETURN',
      '-A two -j ACCEPT',
    );
    expect(fates(tables, 'udp')).toBe('0 shut, 1 open, 2-65535 shut');
  });

  test('a drop in mangle is final, an accept there is not', () => {
    const mangle = parseIptablesSave(
      '*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -m udp --dport 5 -j DROP\n-A PREROUTING -j ACCEPT\nCOMMIT\n',
      'iptables',
    );
    const tables = [...filter('DROP', '-A INPUT -p udp -m udp --dport 5:6 -j ACCEPT'), ...mangle];
    expect(fates(tables, 'udp')).toBe('0-5 shut, 6 open, 7-65535 shut');
    expect(decidedBy(tables, 'udp', 5)).toBe(
      'iptables -t mangle -A PREROUTING -p udp -m udp --dport 5 -j DROP',
    );
  });

  test('NOTRACK in raw: not new any more', () => {
    const raw = parseIptablesSave(
      '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -m udp --dport 49152:65535 -j CT --notrack\nCOMMIT\n',
      'iptables',
    );
    const tables = [...filter('DROP', '-A INPUT -p udp -m conntrack --ctstate NEW -j ACCEPT'), ...raw];
    expect(fates(tables, 'udp')).toBe('0-49151 open, 49152-65535 shut');
  });

  test('a redirect is judged by the port it leads to', () => {
    const nat = parseIptablesSave(
      '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -m udp --dport 443 -j REDIRECT --to-ports 3478\nCOMMIT\n',
      'iptables',
    );
    const tables = [...filter('DROP', '-A INPUT -p udp -m udp --dport 3478 -j ACCEPT'), ...nat];
    expect(fates(tables, 'udp')).toBe('0-442 shut, 443 open, 444-3477 shut, 3478 open, 3479-65535 shut');
  });
});

test('IPv6 rules are about IPv6', () => {
  const tables = parseIptablesSave('*filter\n:INPUT DROP [0:0]\nCOMMIT\n', 'ip6tables-legacy');
  expect(fates(tables, 'tcp', 'ipv4')).toBe(all('open'));
  expect(fates(tables, 'tcp', 'ipv6')).toBe(all('shut'));
  expect(decidedBy(tables, 'tcp', 1, 'ipv6')).toBe('ip6tables-legacy -P INPUT DROP');
});

test('Docker: a published port leaves the input hook', () => {
  const tables = parseIptablesSave(
    [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':DOCKER - [0:0]',
      '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
      '-A DOCKER -i docker0 -j RETURN',
      '-A DOCKER ! -i docker0 -p udp -m udp --dport 3478 -j DNAT --to-destination 172.17.0.2:3478',
      'COMMIT',
      '*filter',
      ':INPUT DROP [0:0]',
      ':FORWARD DROP [0:0]',
      ':DOCKER - [0:0]',
      '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
      '-A FORWARD -o docker0 -j DOCKER',
      '-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p udp -m udp --dport 3478 -j ACCEPT',
      'COMMIT',
    ].join('\n'),
    'iptables',
  );
  expect(fates(tables, 'udp')).toBe('0-3477 shut, 3478 unclear, 3479-65535 shut');
  expect(decidedBy(tables, 'udp', 3478)).toContain('--to-destination 172.17.0.2:3478');
  expect(fates(tables, 'tcp')).toBe('0-21 shut, 22 open, 23-65535 shut');
});

describe('ufw as Debian 12 has it', () => {
  const tables = [
    ...parseIptablesSave(fixture('ufw.iptables-save'), 'iptables'),
    ...parseIptablesSave(fixture('ufw.ip6tables-save'), 'ip6tables'),
  ];

  test('with 22/tcp and 3478/udp allowed, 2222/tcp limited and 5000:5100/udp denied', () => {
    expect(chooseManager(tables)).toBe('ufw');
    for (const family of ['ipv4', 'ipv6'] as const) {
      expect(fates(tables, 'tcp', family)).toBe(
        '0-21 shut, 22 open, 23-2221 shut, 2222 open, 2223-65535 shut',
      );
    }
    // Port 68 is let in from port 67: a DHCP answer.
    expect(fates(tables, 'udp')).toBe('0-67 shut, 68 unclear, 69-3477 shut, 3478 open, 3479-65535 shut');
    expect(fates(tables, 'udp', 'ipv6')).toBe('0-3477 shut, 3478 open, 3479-65535 shut');
    expect(decidedBy(tables, 'udp', 5050)).toBe(
      'iptables -A ufw-user-input -p udp -m multiport --dports 5000:5100 -j DROP',
    );
    expect(decidedBy(tables, 'udp', 6000)).toBe('iptables -P INPUT DROP');
  });

  test('switched off, it leaves empty chains', () => {
    const left = parseIptablesSave(fixture('ufw-disabled.iptables-save'), 'iptables');
    expect(chooseManager(left)).toBe('none');
    expect(fates(left, 'udp')).toBe(all('open'));
  });
});

test('words in quotes', () => {
  expect(splitWords('-A INPUT -m comment --comment "a \\"b\\" \\\\ c" -j DROP')).toEqual([
    '-A',
    'INPUT',
    '-m',
    'comment',
    '--comment',
    'a "b" \\ c',
    '-j',
    'DROP',
  ]);
});
