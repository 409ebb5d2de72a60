import { readdirSync, readFileSync } from 'node:fs';
import { parseIptablesSave } from '../../src/host/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../src/host/firewall/nft-json.ts';
import type { Outside, Table } from '../../src/host/firewall/ruleset.ts';
import type { FirewallState } from '../../src/host/firewall/state.ts';
import type { NeededDoor, RulesetTool } from '../../src/model/firewall.ts';

const folder = new URL('../fixtures/firewall/rulesets/', import.meta.url);

/** Text of a rule set of `fixtures/firewall/rulesets`. */
export const rulesetText = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** Rule sets by the ends of their names: `nft`, or `v4` and `v6` for what iptables-save prints. */
export const rulesetNames = (end: 'nft' | 'v4' | 'v6'): string[] =>
  readdirSync(folder)
    .filter(name => name.endsWith(`.${end}`))
    .map(name => name.slice(0, -end.length - 1))
    .sort();

/** A rule set of nft, from what `nft -j list ruleset` and `nft -a -t list ruleset` printed of it. */
export const nftTables = (name: string): Table[] =>
  parseNftRuleset(rulesetText(`${name}.json`), rulesetText(`${name}.listing`));

/** A rule set of iptables, written by any of its programs. */
export const iptablesTables = (file: string, tool: Exclude<RulesetTool, 'nft'> = 'iptables'): Table[] =>
  parseIptablesSave(rulesetText(file), tool);

const OUTSIDE: Outside = { interfaces: ['eth0'], addresses: ['203.0.113.10', '2001:db8::10'] };

/** A host with these rules and plain tools: nothing keeps them over a start. */
export const stateWith = (tables: readonly Table[], more: Partial<FirewallState> = {}): FirewallState => ({
  tables,
  outside: OUTSIDE,
  manager: 'iptables',
  ufw: null,
  firewalld: null,
  nftables: null,
  iptables: { variant: 'nft', persistent: false },
  ...more,
});

/** Doors of a server with both families: STUN and TURN over UDP, TURN over TCP, and a relay range. */
export const UDP: NeededDoor = {
  use: 'udp',
  protocol: 'udp',
  from: 3478,
  to: 3478,
  families: ['ipv4', 'ipv6'],
  option: 'listening-port',
};
export const TCP: NeededDoor = { ...UDP, use: 'tcp', protocol: 'tcp' };
export const RELAY: NeededDoor = { ...UDP, use: 'relay', from: 49_160, to: 49_260, option: 'min-port' };
