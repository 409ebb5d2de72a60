import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chooseManager } from '../../../src/host/firewall/backends.ts';
import { zoneOf } from '../../../src/host/firewall/firewalld.ts';
import { parseNftRuleset, quoteRules } from '../../../src/host/firewall/nft-json.ts';
import { decidedBy, fates, outside } from './verdict-table.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/firewall/${name}`, import.meta.url), 'utf8');

const all = (verdict: string) => `0-65535 ${verdict}`;

const payload = (protocol: string, field: string) => ({ payload: { protocol, field } });
const dport = payload('udp', 'dport');
const meta = (key: string) => ({ meta: { key } });
const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } });
const accept = { accept: null };
const drop = { drop: null };

/** A table with one input chain that drops, and a chain to jump to, as `nft -j list ruleset` prints it. */
function ruleset(rules: readonly unknown[][], more: readonly unknown[] = [], family = 'inet') {
  const at = { family, table: 'filter' };
  const base = { type: 'filter', hook: 'input', prio: 0, policy: 'drop' };
  const objects = [
    { metainfo: { version: '1.0.6', json_schema_version: 1 } },
    { table: { family, name: 'filter', handle: 1 } },
    ...more,
    { chain: { ...at, name: 'turn', handle: 2 } },
    { chain: { ...at, name: 'input', handle: 1, ...base } },
    { rule: { ...at, chain: 'turn', handle: 3, expr: [match(dport, 3478), accept] } },
    ...rules.map((expr, i) => ({ rule: { ...at, chain: 'input', handle: 10 + i, expr } })),
  ];
  return parseNftRuleset(JSON.stringify({ nftables: objects }), '');
}

const set = (name: string, elem: readonly unknown[]) => ({
  set: { family: 'inet', name, table: 'filter', elem },
});

const only3478 = '0-3477 shut, 3478 open, 3479-65535 shut';

const cases: readonly { name: string; expr: unknown[]; more?: unknown[]; udp: string }[] = [
  { name: 'udp dport 3478', expr: [match(dport, 3478), accept], udp: only3478 },
  {
    name: 'udp dport != 3478',
    expr: [match(dport, 3478, '!='), accept],
    udp: '0-3477 open, 3478 shut, 3479-65535 open',
  },
  { name: 'tcp dport 3478', expr: [match(payload('tcp', 'dport'), 3478), accept], udp: all('shut') },
  {
    name: 'udp dport > 65000',
    expr: [match(dport, 65_000, '>'), accept],
    udp: '0-65000 shut, 65001-65535 open',
  },
  {
    name: 'udp dport { 1-2, 4 }',
    expr: [match(dport, { set: [{ range: [1, 2] }, 4] }), accept],
    udp: '0 shut, 1-2 open, 3 shut, 4 open, 5-65535 shut',
  },
  {
    name: 'an element with a comment',
    expr: [match(dport, { set: [{ elem: { val: 3478, comment: 'turn' } }] }), accept],
    udp: only3478,
  },
  {
    name: 'a named set',
    expr: [match(dport, '@turn_ports'), accept],
    more: [set('turn_ports', [3478])],
    udp: only3478,
  },
  {
    name: 'an empty set',
    expr: [match(dport, '@turn_ports'), accept],
    more: [{ set: { family: 'inet', name: 'turn_ports', table: 'filter' } }],
    udp: all('shut'),
  },
  { name: 'a set that is not there', expr: [match(dport, '@elsewhere'), accept], udp: all('unclear') },
  {
    name: 'bits of the transport header',
    expr: [match({ payload: { base: 'transport', offset: 16, len: 16 } }, 3478), accept],
    udp: only3478,
  },
  {
    name: 'meta l4proto { tcp, udp } th dport 3478',
    expr: [match(meta('l4proto'), { set: ['tcp', 'udp'] }), match(payload('th', 'dport'), 3478), accept],
    udp: only3478,
  },
  {
    name: 'a concatenation',
    expr: [
      match(
        { concat: [meta('l4proto'), payload('th', 'dport')] },
        { set: [{ concat: ['udp', 3478] }, { concat: ['tcp', 22] }] },
      ),
      accept,
    ],
    udp: only3478,
  },
  {
    name: 'a concatenation with the sender in it',
    expr: [
      match({ concat: [payload('ip', 'saddr'), dport] }, { set: [{ concat: ['198.51.100.1', 3478] }] }),
      accept,
    ],
    udp: '0-3477 shut, 3478 unclear, 3479-65535 shut',
  },
  {
    name: 'a verdict map',
    expr: [
      {
        vmap: {
          key: dport,
          data: {
            set: [
              [3478, accept],
              [{ range: [5, 6] }, drop],
            ],
          },
        },
      },
    ],
    udp: only3478,
  },
  {
    name: 'a verdict map that jumps',
    expr: [{ vmap: { key: dport, data: { set: [[{ range: [1, 4000] }, { jump: { target: 'turn' } }]] } } }],
    udp: only3478,
  },
  {
    name: 'a named verdict map',
    expr: [{ vmap: { key: dport, data: '@doors' } }],
    more: [
      { map: { family: 'inet', name: 'doors', table: 'filter', map: 'verdict', elem: [[3478, accept]] } },
    ],
    udp: only3478,
  },
  {
    name: 'ct state vmap',
    expr: [
      {
        vmap: {
          key: { ct: { key: 'state' } },
          data: {
            set: [
              ['established', accept],
              ['new', { jump: { target: 'turn' } }],
            ],
          },
        },
      },
    ],
    udp: only3478,
  },
  {
    name: 'ct state established,related',
    expr: [match({ ct: { key: 'state' } }, ['established', 'related'], 'in'), accept],
    udp: all('shut'),
  },
  { name: 'ct state new', expr: [match({ ct: { key: 'state' } }, 'new', 'in'), accept], udp: all('open') },
  {
    name: 'ct status dnat',
    expr: [match({ ct: { key: 'status' } }, 'dnat', 'in'), accept],
    udp: all('shut'),
  },
  { name: 'iif lo', expr: [match(meta('iif'), 'lo'), accept], udp: all('shut') },
  { name: 'iifname eth*', expr: [match(meta('iifname'), 'eth*'), accept], udp: all('open') },
  { name: 'meta nfproto ipv6', expr: [match(meta('nfproto'), 'ipv6'), accept], udp: all('shut') },
  {
    name: 'ip saddr of some',
    expr: [match(payload('ip', 'saddr'), { prefix: { addr: '10.0.0.0', len: 8 } }), accept],
    udp: all('unclear'),
  },
  {
    name: 'ip6 saddr of all',
    expr: [match(payload('ip6', 'saddr'), { prefix: { addr: '::', len: 0 } }), accept],
    udp: all('shut'),
  },
  { name: 'limit rate', expr: [{ limit: { rate: 10, per: 'second' } }, accept], udp: all('open') },
  {
    name: 'limit rate over',
    expr: [{ limit: { rate: 10, per: 'second', inv: true } }, accept],
    udp: all('shut'),
  },
  {
    name: 'a limit for each sender',
    expr: [
      {
        set: {
          op: 'add',
          elem: payload('ip', 'saddr'),
          set: '@seen',
          stmt: [{ limit: { rate: 10, per: 'second', inv: true } }],
        },
      },
      accept,
    ],
    udp: all('shut'),
  },
  {
    name: 'fib daddr type local',
    expr: [match({ fib: { result: 'type', flags: ['daddr'] } }, 'local'), accept],
    udp: all('open'),
  },
  {
    name: 'fib saddr . iif oif missing',
    expr: [match({ fib: { result: 'oif', flags: ['saddr', 'iif'] } }, false), accept],
    udp: all('shut'),
  },
  { name: 'an unmarked packet', expr: [match(meta('mark'), 1), accept], udp: all('shut') },
  { name: 'the cpu it came in on', expr: [match(meta('cpu'), 1), accept], udp: all('unclear') },
  {
    name: 'an address of the link layer',
    expr: [match(payload('ether', 'saddr'), '00:00:5e:00:53:01'), accept],
    udp: all('unclear'),
  },
  {
    name: 'an expression of iptables',
    expr: [{ xt: { type: 'match', name: 'conntrack' } }, accept],
    udp: all('unclear'),
  },
  { name: 'queue', expr: [{ queue: { num: 1 } }], udp: all('unclear') },
  { name: 'a log and nothing else', expr: [{ log: { prefix: 'in' } }], udp: all('shut') },
];

describe('one rule before a policy that drops', () => {
  test.each(cases)('$name', ({ expr, more = [], udp }) => {
    expect(fates(ruleset([expr], more), 'udp')).toBe(udp);
  });
});

test('a reject with ICMP is for its own family', () => {
  const tables = ruleset([[{ reject: { type: 'icmp', expr: 'port-unreachable' } }], [accept]]);
  expect(fates(tables, 'udp', 'ipv4')).toBe(all('shut'));
  expect(fates(tables, 'udp', 'ipv6')).toBe(all('open'));
});

test('flags of the first TCP packet', () => {
  const flags = (right: unknown, op = '==') =>
    fates(
      ruleset([[match({ '&': [payload('tcp', 'flags'), ['fin', 'syn', 'rst', 'ack']] }, right, op), accept]]),
      'tcp',
    );
  expect(flags('syn')).toBe(all('open'));
  expect(flags('syn', '!=')).toBe(all('shut'));
  expect(flags(['syn', 'ack'])).toBe(all('shut'));
});

test('bridge and arp tables are about other packets', () => {
  expect(fates(ruleset([], [], 'bridge'), 'udp')).toBe(all('open'));
});

test('an ingress chain of another interface is not on the way', () => {
  const json = (device: string) =>
    parseNftRuleset(
      JSON.stringify({
        nftables: [
          { table: { family: 'netdev', name: 'early' } },
          {
            chain: {
              family: 'netdev',
              table: 'early',
              name: 'in',
              type: 'filter',
              hook: 'ingress',
              prio: 0,
              policy: 'accept',
            },
          },
          {
            rule: { family: 'netdev', table: 'early', chain: 'in', handle: 2, expr: [match(dport, 5), drop] },
          },
        ],
      }),
      `table netdev early { # handle 4\n\tchain in { # handle 1\n\t\ttype filter hook ingress device "${device}" priority filter; policy accept;\n\t\tudp dport 5 drop # handle 2\n\t}\n}\n`,
    );
  expect(fates(json('eth0'), 'udp')).toBe('0-4 open, 5 shut, 6-65535 open');
  expect(decidedBy(json('eth0'), 'udp', 5)).toBe('netdev early in: udp dport 5 drop');
  expect(fates(json('wg0'), 'udp')).toBe(all('open'));
});

test('rules are quoted without their counters', () => {
  const listing =
    'table inet filter { # handle 1\n\tchain input { # handle 2\n\t\tudp dport 5 counter packets 9 bytes 720 drop comment "x # handle 3" # handle 7\n\t}\n}\n';
  expect(quoteRules(listing)).toEqual(
    new Map([['inet filter input 7', 'udp dport 5 drop comment "x # handle 3"']]),
  );
});

describe('firewalld, as Debian 12 has it', () => {
  const tables = parseNftRuleset(fixture('firewalld-dmz.json'), fixture('firewalld-dmz.nft'));

  test('eth0 in the zone dmz with 3478/udp, public for the others', () => {
    expect(chooseManager(tables)).toBe('firewalld');
    expect(zoneOf(tables, outside)).toBe('dmz');
    expect(zoneOf(tables, { interfaces: ['wlan0'], addresses: [] })).toBe('public');
    expect(fates(tables, 'udp')).toBe(only3478);
    expect(fates(tables, 'tcp')).toBe('0-21 shut, 22 open, 23-5348 shut, 5349 unclear, 5350-65535 shut');
    expect(fates(tables, 'tcp', 'ipv6')).toBe('0-21 shut, 22 open, 23-65535 shut');
    expect(decidedBy(tables, 'udp', 49_152)).toBe(
      'inet firewalld filter_IN_dmz: reject with icmpx admin-prohibited',
    );
  });
});
