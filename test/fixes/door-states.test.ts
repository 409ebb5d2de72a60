import { describe, expect, test } from 'vitest';
import { seeDoors, unneededDoors } from '../../src/fixes/door-states.ts';
import type { NeededDoor } from '../../src/model/firewall.ts';
import { iptablesTables, nftTables, RELAY, stateWith, TCP, UDP } from '../support/rulesets.ts';

const states = (tables: Parameters<typeof stateWith>[0], door: NeededDoor) =>
  seeDoors([door], stateWith(tables))[0]!.states.map(({ family, state }) => `${family} ${state}`);

describe('what becomes of a needed door', () => {
  test('open, with the rule that opens it', () => {
    const [door] = seeDoors([UDP], stateWith(nftTables('reject-last')));
    expect(door!.states.map(({ state }) => state)).toEqual(['open', 'open']);
    expect(door!.states[0]!.by.join()).toContain('udp dport 3478 accept');
  });

  test('shut to strangers, though a network of the operator’s gets in everywhere', () => {
    expect(states(nftTables('some-senders'), UDP)).toEqual(['ipv4 shut', 'ipv6 shut']);
  });

  test('open to some by a rule that names the port', () => {
    expect(states(nftTables('some-senders'), TCP)).toEqual(['ipv4 some', 'ipv6 shut']);
  });

  test('partly', () => {
    const tables = nftTables('sets-and-maps');
    const wide = { ...RELAY, from: 59_000, to: 60_100 };
    const [ipv4] = seeDoors([wide], stateWith(tables))[0]!.states;
    expect(ipv4).toMatchObject({ state: 'partly', shut: [{ from: 59_000, to: 59_999 }] });
  });

  test('IPv6 shut beside an open IPv4', () => {
    const tables = iptablesTables('policy-drop.v6', 'ip6tables');
    expect(states(tables, RELAY)).toEqual(['ipv4 open', 'ipv6 shut']);
  });
});

describe('what is open and not needed', () => {
  const lines = (needed: readonly NeededDoor[], ...args: Parameters<typeof stateWith>) =>
    unneededDoors(needed, stateWith(...args)).map(it => `${it.from}-${it.to}/${it.protocol}: ${it.why}`);

  test('a range wider than that of the relay', () => {
    const relay = { ...RELAY, from: 60_000, to: 60_500 };
    expect(lines([UDP, relay], nftTables('sets-and-maps'))).toContain(
      '60501-61000/udp: wider than the relay range 60000-60500',
    );
  });

  test('a usual port that no listener has, and never a port of others', () => {
    expect(lines([RELAY], iptablesTables('early-drop.v4'))).toEqual([
      '3478-3478/tcp: no listener of turnserver.conf uses it',
      '5349-5349/tcp: no listener of turnserver.conf uses it',
    ]);
  });

  test('nothing where everything is open', () => {
    expect(lines([UDP], [])).toEqual([]);
  });

  test('rules of turnctl’s for what is there no more: in ufw’s own file', () => {
    const rule = { action: 'allow', protocol: 'udp', general: true, comment: 'turnctl' };
    const rules = ['3478', '50000:51000', '50000:51000'].map(ports => ({ ...rule, ports }));
    expect(lines([UDP], [], { ufw: { enabled: true, rules } })).toEqual([
      '50000-51000/udp: a rule of turnctl for what turnserver.conf no longer has',
    ]);
  });

  test('and by their comment', () => {
    const [table] = iptablesTables('policy-drop.v4');
    const input = table!.chains.get('INPUT')!;
    const rule = {
      conditions: [
        { on: 'protocol', names: ['udp'] },
        { on: 'port', ranges: [{ from: 9000, to: 9000 }] },
      ] as const,
      action: { do: 'accept' } as const,
      text: 'iptables -A INPUT -p udp -m udp --dport 9000 -m comment --comment turnctl -j ACCEPT',
    };
    const chains = new Map(table!.chains).set('INPUT', { ...input, rules: [rule, ...input.rules] });
    expect(lines([UDP], [{ ...table!, chains }])).toEqual([
      '9000-9000/udp: a rule of turnctl for what turnserver.conf no longer has',
    ]);
  });
});
