import type { Door } from '../../model/firewall.ts';
import type { Step } from '../../model/plan.ts';
import type { Family } from '../../model/transport.ts';
import { type Open, onlyFamily, ruleFor, TAG } from './opening.ts';
import type { Chain, Table } from './ruleset.ts';
import type { FirewallState } from './state.ts';
import type { UfwRule } from './ufw-rules.ts';

/** ufw writes them itself, for both families. */
const FILES = ['/etc/ufw/user.rules', '/etc/ufw/user6.rules'];

/**
 * `ufw allow`, in front of all rules where one of the operator's own shuts the door. A rule about the very same ports
 * cannot have another beside it: ufw turns it into the new one.
 */
export const openByUfw: Open = (opening, state) => {
  const {
    door,
    shut: [first],
  } = opening;
  if (state.manager !== 'ufw' || first.chain?.table !== 'filter') return null;
  const same = ruleAbout(door, state);
  const inFront = same === undefined && /^ufw6?-user-/.test(first.path.at(-1)?.chain ?? '');
  const family = onlyFamily(opening);
  const step = allowStep(door, { same, inFront, family });
  return {
    steps: [step],
    tables: state.tables.map(table =>
      family === null || table.families.includes(family) ? withAllowed(table, door, inFront) : table,
    ),
  };
};

/** Rules for doors that ufw, switched off, would shut when it is switched on; it stays off. */
export function prepareUfw(doors: readonly Door[], { ufw }: FirewallState): Step[] {
  const allowed = (door: Door) =>
    ufw?.rules.some(
      rule =>
        rule.general &&
        /^(allow|limit)/.test(rule.action) &&
        [door.protocol, 'any'].includes(rule.protocol) &&
        covers(rule.ports, door),
    );
  return doors
    .filter(door => !allowed(door))
    .map(door =>
      allowStep(door, {
        same: ruleAbout(door, { ufw }),
        inFront: overlaps(door, ufw?.rules ?? []),
        family: null,
      }),
    );
}

interface AllowOptions {
  /** A rule about the very same ports. */
  readonly same: UfwRule | undefined;
  readonly inFront: boolean;
  readonly family: Family | null;
}

function allowStep(door: Door, { same, inFront, family }: AllowOptions): Step {
  const what = `${portsOf(door)}/${door.protocol}`;
  const words =
    family === null
      ? [what]
      : ['proto', door.protocol, 'to', family === 'ipv4' ? '0.0.0.0/0' : '::/0', 'port', portsOf(door)];
  const rule = ['allow', ...words];
  return {
    kind: 'run',
    argv: ['ufw', ...(inFront && !same ? ['prepend'] : []), ...rule, 'comment', TAG],
    undo: same
      ? ['ufw', ...wordsOf(same.action), ...words, ...(same.comment === '' ? [] : ['comment', same.comment])]
      : ['ufw', 'delete', ...rule],
    touches: FILES,
    why: same
      ? `lets ${what} in, in the place of the rule ${wordsOf(same.action).join(' ')} ${what}`
      : `lets ${what} in${inFront ? ', in front of the rule that shuts it' : ''}`,
  };
}

/** `deny_log-all` is written `deny log-all`. */
const wordsOf = (action: string): string[] => action.split('_');

const portsOf = ({ from, to }: Door): string => (from === to ? `${from}` : `${from}:${to}`);

const ruleAbout = (door: Door, { ufw }: Pick<FirewallState, 'ufw'>): UfwRule | undefined =>
  ufw?.rules.find(
    ({ general, protocol, ports, action }) =>
      general && protocol === door.protocol && ports === portsOf(door) && !action.startsWith('allow'),
  );

const ranges = (ports: string): { readonly from: number; readonly to: number }[] =>
  ports === 'any'
    ? [{ from: 0, to: 65_535 }]
    : ports.split(',').map(part => {
        const [from = '', to = from] = part.split(':');
        return { from: Number(from), to: Number(to) };
      });

const covers = (ports: string, door: Door): boolean =>
  ranges(ports).some(({ from, to }) => from <= door.from && door.to <= to);

/** Whether a rule of the operator's own would shut some of the door first. */
const overlaps = (door: Door, rules: readonly UfwRule[]): boolean =>
  rules.some(
    ({ action, protocol, ports }) =>
      /^(deny|reject)/.test(action) &&
      [door.protocol, 'any'].includes(protocol) &&
      ranges(ports).some(({ from, to }) => from <= door.to && door.from <= to),
  );

/** The user's rules of ufw with one more, in the family of this table. */
function withAllowed(table: Table, door: Door, inFront: boolean): Table {
  const chain = table.name === 'filter' ? userChain(table) : undefined;
  if (!chain) return table;
  const about = new RegExp(`-p ${door.protocol} .*--dports? ${portsOf(door)} `);
  const index = chain.rules.findIndex(({ text }) => about.test(text));
  const rule = ruleFor(door, `ufw allow ${portsOf(door)}/${door.protocol}`);
  const rules =
    index === -1
      ? chain.rules.toSpliced(inFront ? 0 : chain.rules.length, 0, rule)
      : chain.rules.toSpliced(index, 1, rule);
  return { ...table, chains: new Map(table.chains).set(chain.name, { ...chain, rules }) };
}

const userChain = ({ chains }: Table): Chain | undefined =>
  chains.get('ufw-user-input') ?? chains.get('ufw6-user-input');
