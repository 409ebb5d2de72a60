import type { Door } from '../../model/firewall.ts';
import type { Step } from '../../model/plan.ts';
import { formatPortRange, type PortRange, subtractPorts, unionPorts } from '../../util/port-range.ts';
import { type Open, ruleFor, withRule } from './opening.ts';
import type { Table } from './ruleset.ts';
import type { FirewallState } from './state.ts';

/**
 * Ports of the zone, for now and for good: the parts that are shut and no others, because firewalld joins ranges that
 * overlap and would take away more than was added.
 */
export const openByFirewalld: Open = ({ door, shut }, state) => {
  const zone = managedZone(shut[0].chain?.table, state);
  if (zone === null) return null;
  const missing = unionPorts(shut);
  const permanent = subtractPorts([door], permanentPorts(door, state));
  const add = (ports: PortRange, ...flags: readonly string[]): Step => ({
    kind: 'run',
    argv: command(zone, flags, `--add-port=${portOf(ports, door)}`),
    undo: command(zone, flags, `--remove-port=${portOf(ports, door)}`),
    ...(flags.length > 0 ? { touches: filesOf(zone) } : {}),
    why: `lets ${portOf(ports, door)} into zone ${zone}, ${flags.length > 0 ? 'for good' : 'now'}`,
  });
  return {
    steps: [...missing.map(ports => add(ports)), ...permanent.map(ports => add(ports, '--permanent'))],
    tables: withRuleIn(state, new RegExp(`^(filter_)?IN_${zone}_allow$`), door),
  };
};

/** A rich rule before all that the operator denies in the zone; a port alone would come after. */
export const openByRichRule: Open = ({ door, shut }, state) => {
  const zone = managedZone(shut[0].chain?.table, state);
  if (zone === null) return null;
  const ports = formatPortRange(door);
  const rule = `rule priority="${FIRST}" port port="${ports}" protocol="${door.protocol}" accept`;
  const add = (...flags: readonly string[]): Step => ({
    kind: 'run',
    argv: command(zone, flags, `--add-rich-rule=${rule}`),
    undo: command(zone, flags, `--remove-rich-rule=${rule}`),
    ...(flags.length > 0 ? { touches: filesOf(zone) } : {}),
    why: `lets ${ports}/${door.protocol} into zone ${zone} before the rule that shuts it, ${flags.length > 0 ? 'for good' : 'now'}`,
  });
  return {
    steps: [add(), add('--permanent')],
    tables: withRuleIn(state, new RegExp(`^(filter_)?IN_${zone}_pre$`), door),
  };
};

/** The priority of rules before those without one, with room in front for the operator's. */
const FIRST = -100;

/** Null where it is not firewalld's own table that shuts the door. */
const managedZone = (table: string | undefined, { manager, firewalld }: FirewallState): string | null =>
  manager === 'firewalld' && firewalld && (table === 'filter' || table?.endsWith(' firewalld'))
    ? firewalld.zone
    : null;

const command = (zone: string, flags: readonly string[], what: string): string[] => [
  'firewall-cmd',
  ...flags,
  `--zone=${zone}`,
  what,
];

const portOf = (ports: PortRange, { protocol }: Door): string => `${formatPortRange(ports)}/${protocol}`;

/** firewalld keeps the file it had before under another name. */
const filesOf = (zone: string): string[] => [
  `/etc/firewalld/zones/${zone}.xml`,
  `/etc/firewalld/zones/${zone}.xml.old`,
];

const permanentPorts = ({ protocol }: Door, { firewalld }: FirewallState): PortRange[] =>
  (firewalld?.ports ?? [])
    .filter(it => it.endsWith(`/${protocol}`))
    .map(it => {
      const [from = '', to = from] = it.replace(/\/.*/, '').split('-');
      return { from: Number(from), to: Number(to) };
    });

function withRuleIn({ tables }: FirewallState, name: RegExp, door: Door): readonly Table[] {
  const rule = ruleFor(door, 'firewall-cmd');
  return tables.reduce<readonly Table[]>((all, table) => {
    const chain = [...table.chains.values()].find(it => name.test(it.name));
    return chain ? withRule(all, table, { chain: chain.name, index: chain.rules.length }, rule) : all;
  }, tables);
}
