import type { Family } from './transport.ts';

/** The program that changes a table of netfilter. */
export type RulesetTool = 'nft' | 'iptables' | 'ip6tables' | 'iptables-legacy' | 'ip6tables-legacy';

/** What happens to a new inbound packet from anywhere outside, for a range of destination ports. */
export interface InboundVerdict {
  readonly family: Family;
  readonly protocol: 'udp' | 'tcp';
  readonly from: number;
  readonly to: number;
  /** `unclear`: the verdict depends on something a port does not tell (source, interface, set, rate). */
  readonly verdict: 'open' | 'shut' | 'unclear';
  /** The rule or policy that decides, in the tool's own words. */
  readonly by: string;
  /** The base chain that shuts it, or where it is unclear: the place for a rule that opens it. */
  readonly chain?: {
    readonly tool: RulesetTool;
    /** As that tool addresses it: `inet filter` for nft, `filter` for iptables. */
    readonly table: string;
    readonly chain: string;
  };
}

export interface FirewallFact {
  /** The tool an operator would change: the one that manages the rules in force. */
  readonly manager: 'ufw' | 'firewalld' | 'nftables' | 'iptables' | 'none';
  /** firewalld's zone of the interface that faces outside, where one is known. */
  readonly zone?: string;
  /** Sorted, without gaps: every port of both protocols and families. */
  readonly inbound: readonly InboundVerdict[];
}
