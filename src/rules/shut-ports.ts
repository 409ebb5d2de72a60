import type { Door, FirewallFact, InboundVerdict } from '../model/firewall.ts';
import type { Family } from '../model/transport.ts';
import { listed } from '../util/text.ts';
import { openCommand } from './firewall-commands.ts';

/** Parts of a range that the firewall shuts; where it depends on the sender it counts as open. */
export function shutParts(firewall: FirewallFact, door: Door, families: readonly Family[]): InboundVerdict[] {
  return firewall.inbound
    .filter(it => it.verdict === 'shut' && it.protocol === door.protocol && families.includes(it.family))
    .map(it => ({ ...it, from: Math.max(it.from, door.from), to: Math.min(it.to, door.to) }))
    .filter(({ from, to }) => from <= to);
}

/** What shuts them, in the tool's own words, each once. */
export const shutBy = (parts: readonly InboundVerdict[]): string =>
  [...new Set(parts.map(({ by }) => by))].join('; ');

const FAMILY_NAMES = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

/** `IPv4 and IPv6`. */
export const familiesText = (parts: readonly InboundVerdict[]): string =>
  listed([...new Set(parts.map(({ family }) => FAMILY_NAMES[family]))]);

/** What to run on this host to let a whole range in. */
export function openRemedy(firewall: FirewallFact, parts: readonly InboundVerdict[], door: Door): string {
  const commands = parts.map(part => openCommand(firewall, part, door));
  const distinct = withoutWeaker([...new Set(commands.filter(command => command !== null))]);
  return distinct.length === 0
    ? `Let ${door.protocol} in to these ports.`
    : `Run ${distinct.join(' && ')}${KEEP[firewall.manager] ?? ''}.`;
}

/** A rule in front of all others does what one at the end would, and ufw refuses to have both. */
const withoutWeaker = (commands: readonly string[]): string[] => {
  const inFront = (command: string) =>
    command.replace('ufw allow ', 'ufw prepend allow ').replace('nft add rule ', 'nft insert rule ');
  return commands.filter(command => inFront(command) === command || !commands.includes(inFront(command)));
};

/** Managers whose commands do not last until after the next start. */
const KEEP: { readonly [manager: string]: string | undefined } = {
  nftables: ', and keep the rule in /etc/nftables.conf',
  iptables: ', and keep the rule with netfilter-persistent save',
};
