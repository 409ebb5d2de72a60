import type { PortRange } from '../util/port-range.ts';
import type { Family } from './transport.ts';

/** The program that changes a table of netfilter. */
export type RulesetTool = 'nft' | 'iptables' | 'ip6tables' | 'iptables-legacy' | 'ip6tables-legacy';

/** Ports to let in. */
export interface Door extends PortRange {
  readonly protocol: 'udp' | 'tcp';
}

/** What reaches coturn through a door. */
export type DoorUse = 'udp' | 'tcp' | 'tls' | 'dtls' | 'alternate' | 'auxiliary' | 'relay' | 'tcp-relay';

/** Ports that the configuration needs open for clients or peers, by whom and in which families. */
export interface NeededDoor extends Door {
  readonly use: DoorUse;
  readonly families: readonly Family[];
  /** The option that decides the number. */
  readonly option: string;
}

/**
 * What happens to a new inbound packet from a stranger outside, for a range of destination ports. A network that is let in
 * everywhere opens no port to anybody else.
 */
export interface InboundVerdict {
  readonly family: Family;
  readonly protocol: 'udp' | 'tcp';
  readonly from: number;
  readonly to: number;
  /** `unclear`: a rule about this port lets some senders in, or a program or something not read decides. */
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

/** What the firewall does with a needed door in one family. */
export interface DoorState {
  readonly family: Family;
  /** `partly`: some ports of the range are shut. `some`: open to some senders only, by a rule about these ports. */
  readonly state: 'open' | 'shut' | 'partly' | 'some' | 'unclear';
  /** Ports that are shut. */
  readonly shut: readonly PortRange[];
  /** The rules that decide, in the tool's own words. */
  readonly by: readonly string[];
}

/** A needed door and what becomes of it in each family that needs it. */
export interface SeenDoor extends NeededDoor {
  readonly states: readonly DoorState[];
}

/** Ports that are open by a rule about ports of coturn's, and that coturn does not need. */
export interface UnneededDoor extends Door {
  readonly families: readonly Family[];
  readonly by: string;
  readonly why: string;
}

/** What coturn needs of the firewall and what it gets: the `firewall` section of `turnctl firewall --json`. */
export interface FirewallSection {
  readonly manager: FirewallFact['manager'];
  /** Whose packets: those for the host, or those for a container with a network of its own (DOCKER-USER). */
  readonly side: 'host' | 'container';
  readonly zone: string | null;
  readonly needed: readonly SeenDoor[];
  readonly unneeded: readonly UnneededDoor[];
  /** Commands for the cloud's own firewall, which turnctl does not run. */
  readonly cloud: { readonly name: string; readonly commands: readonly string[] } | null;
  readonly notes: readonly string[];
}
