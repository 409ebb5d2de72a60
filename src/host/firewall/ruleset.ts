import type { RulesetTool } from '../../model/firewall.ts';
import type { Family } from '../../model/transport.ts';
import type { IpRange } from '../../util/ip-range.ts';
import type { PortRange } from '../../util/port-range.ts';

/** Decided for every packet in question, or null where it depends on the sender, the time or something not read. */
export type Ternary = boolean | null;

/** What a rule asks of a packet. Conditions that no port, family or address decides are judged when they are parsed. */
export type Condition =
  | { readonly on: 'given'; readonly holds: Ternary }
  | { readonly on: 'family'; readonly family: Family }
  /** `udp`, `tcp`, or any other name of an IP protocol, which then never holds. */
  | { readonly on: 'protocol'; readonly names: readonly string[] }
  | { readonly on: 'port'; readonly ranges: readonly PortRange[] }
  /** Names of the incoming interface; a `*` at the end stands for any rest. */
  | { readonly on: 'interface'; readonly names: readonly string[] }
  | { readonly on: 'destination'; readonly ranges: readonly IpRange[] }
  /** Conntrack's words in lower case: `new`, `established`, `untracked`. */
  | { readonly on: 'ct-state'; readonly states: readonly string[] }
  /** `zero`: whether it holds for a packet that no rule has marked. */
  | { readonly on: 'mark'; readonly zero: boolean }
  | { readonly on: 'not'; readonly of: Condition }
  | { readonly on: 'all' | 'any'; readonly of: readonly Condition[] };

export type Action =
  /** `reject` is a drop with an answer. `unpredictable`: a program or a target we do not know decides. */
  | { readonly do: 'accept' | 'drop' | 'unpredictable' | 'return' | 'continue' }
  | { readonly do: 'jump' | 'goto'; readonly chain: string }
  | { readonly do: 'notrack' | 'mark' }
  /** To a port of this host; null keeps the port. */
  | { readonly do: 'redirect'; readonly port: number | null }
  /** To another address: from there on the packet is not this host's, and the forward hook decides. */
  | { readonly do: 'translate' };

export interface FirewallRule {
  readonly conditions: readonly Condition[];
  readonly action: Action;
  /** As the tool prints it, with where it stands. */
  readonly text: string;
  /** nft's number of it, which no other rule of the table has. */
  readonly handle?: number;
}

/** The hooks that a packet for this host passes, in this order. */
export const INBOUND_HOOKS = ['ingress', 'prerouting', 'input'] as const;

export interface BaseChain {
  readonly hook: (typeof INBOUND_HOOKS)[number];
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  /** Of an ingress chain: the only interfaces whose packets pass it. Empty where every packet does. */
  readonly devices: readonly string[];
  /** The policy as the tool prints it. */
  readonly text: string;
}

export interface Chain {
  readonly name: string;
  /** Null for a chain that is only jumped to, or that no inbound packet passes. */
  readonly base: BaseChain | null;
  readonly rules: readonly FirewallRule[];
}

export interface Table {
  readonly tool: RulesetTool;
  /** As that tool addresses it: `inet filter` for nft, `filter` for iptables. */
  readonly name: string;
  readonly families: readonly Family[];
  /** Of a table nft lists: `iptables-nft-save` shows it whole, and in words nft has not. */
  readonly writtenByIptables: boolean;
  readonly chains: ReadonlyMap<string, Chain>;
}

/** Where a packet from outside comes in. Empty lists: not known. */
export interface Outside {
  readonly interfaces: readonly string[];
  readonly addresses: readonly string[];
}

export const given = (holds: Ternary): Condition => ({ on: 'given', holds });

export const not = (of: Condition): Condition => ({ on: 'not', of });

export const negatedIf = (negated: boolean, condition: Condition): Condition =>
  negated ? not(condition) : condition;
