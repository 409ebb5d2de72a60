import type { Door, FirewallFact, InboundVerdict } from '../model/firewall.ts';
import { formatPortRange } from '../util/port-range.ts';

/** The command that lets ports in, for the tool that shuts them; `shut` says where. Null when no tool can be named. */
export function openCommand(
  { manager, zone }: Pick<FirewallFact, 'manager' | 'zone'>,
  shut: Pick<InboundVerdict, 'by' | 'chain'>,
  door: Door,
): string | null {
  const { protocol } = door;
  if (manager === 'ufw' && isOf(shut, 'ufw', 'filter')) {
    const ports = formatPortRange(door).replace('-', ':');
    return `ufw ${precedes(shut.by, ports) ? 'prepend allow' : 'allow'} ${ports}/${protocol}`;
  }
  if (manager === 'firewalld' && isOf(shut, 'firewalld', 'inet firewalld')) {
    const add = `firewall-cmd ${zone === undefined ? '' : `--zone=${zone} `}--add-port=${formatPortRange(door)}/${protocol}`;
    return `${add} && ${add} --permanent`;
  }
  return shut.chain ? ruleCommand(shut.chain, shut.by, door) : null;
}

/**
 * Whether the new rule must stand in front of a rule of the operator's own that shuts the port. If that is about the
 * very same ports, ufw turns it into the new one, and refuses to put another in front.
 */
const precedes = (by: string, ports: string): boolean =>
  /-A ufw6?-user-/.test(by) && !new RegExp(`--dports? ${ports} `).test(by);

/** Whether it is a table the manager writes: another tool may shut a port beside it. */
const isOf = (
  { chain }: Pick<InboundVerdict, 'chain'>,
  manager: 'ufw' | 'firewalld',
  table: string,
): boolean =>
  chain === undefined ||
  chain.table === table ||
  (manager === 'firewalld' && chain.table.endsWith(' firewalld'));

/** A rule at the end of the chain where a policy shuts the port, and in front of all others where a rule does. */
function ruleCommand(
  { tool, table, chain }: NonNullable<InboundVerdict['chain']>,
  by: string,
  door: Door,
): string {
  if (tool === 'nft') {
    const verb = by.endsWith(' policy drop') ? 'add' : 'insert';
    return `nft ${verb} rule ${table} ${chain} ${door.protocol} dport ${formatPortRange(door)} accept`;
  }
  const ports = formatPortRange(door).replace('-', ':');
  const from = table === 'filter' ? '' : `-t ${table} `;
  return `${tool} ${from}-I ${chain} -p ${door.protocol} --dport ${ports} -j ACCEPT`;
}
