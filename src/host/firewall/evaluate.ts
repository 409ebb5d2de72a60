import type { InboundVerdict } from '../../model/firewall.ts';
import type { Family } from '../../model/transport.ts';
import { every, type Packet } from './condition.ts';
import {
  type BaseChain,
  type Chain,
  type Condition,
  type FirewallRule,
  INBOUND_HOOKS,
  type Outside,
  type Table,
} from './ruleset.ts';

/** Ways in which a walk through a chain may end. */
type End = 'accept' | 'drop' | 'translate' | 'return' | 'continue';

/** The first and the last rule that may bring an end, and the way to the last one. */
interface Bringer {
  readonly first: string;
  readonly last: string;
  readonly path: readonly RulePlace[];
}

type Ends = Map<End, Bringer>;

/** A rule by its chain and its number in it, from 0; the number behind the last rule stands for the policy. */
export interface RulePlace {
  readonly chain: string;
  readonly index: number;
}

/** A verdict, and of one that is `shut` the way to the rule that decides: from the base chain through its jumps. */
export interface Decision extends InboundVerdict {
  readonly path: readonly RulePlace[];
}

type Fate = Pick<Decision, 'verdict' | 'by' | 'chain' | 'path'>;

/**
 * Whose packets. `anybody`: rules about some senders are undecided. `stranger`: no such rule is about this one.
 * `invited`: a stranger, but for rules that let some senders in to ports they name, which are undecided.
 */
type Sender = 'anybody' | 'stranger' | 'invited';

const LAST_PORT = 65_535;
// The kernel refuses deeper jumps (NFT_JUMP_STACK_SIZE 16); only a damaged dump goes further.
const DEEPEST_JUMP = 32;

/** What happens to a new packet from outside, for every port of both protocols and families. */
export const inboundVerdicts = (
  tables: readonly Table[],
  outside: Outside,
  sender: Sender = 'anybody',
): InboundVerdict[] => inboundDecisions(tables, outside, sender).map(({ path: _, ...verdict }) => verdict);

/** The same with the way to the rule that decides. */
export function inboundDecisions(tables: readonly Table[], outside: Outside, sender: Sender): Decision[] {
  return (['ipv4', 'ipv6'] as const).flatMap(family => {
    const passed = chainsPassed(tables, family, outside);
    const starts = firstPorts(passed.map(({ table }) => table));
    return (['udp', 'tcp'] as const).flatMap(protocol =>
      merge(
        starts.map((from, i) => {
          const packet: Packet = {
            family,
            protocol,
            port: from,
            outside,
            untracked: false,
            tracked: false,
            marked: false,
            stranger: sender !== 'anybody',
          };
          return {
            family,
            protocol,
            from,
            to: (starts[i + 1] ?? LAST_PORT + 1) - 1,
            ...fateOf(packet, passed, sender),
          };
        }),
      ),
    );
  });
}

/** A base chain on the packet's way. */
interface Passed {
  readonly table: Table;
  readonly chain: Chain;
}

/** Base chains in the order in which the packet passes them. */
function chainsPassed(tables: readonly Table[], family: Family, outside: Outside): Passed[] {
  const rank = ({ chain: { base } }: Passed) => [INBOUND_HOOKS.indexOf(base!.hook), base!.priority] as const;
  return tables
    .filter(({ families }) => families.includes(family))
    .flatMap(table => [...table.chains.values()].map(chain => ({ table, chain })))
    .filter(({ chain }) => chain.base !== null && isOnTheWay(chain.base, outside))
    .sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
}

const isOnTheWay = ({ devices }: BaseChain, { interfaces }: Outside): boolean =>
  devices.length === 0 || interfaces.length === 0 || devices.some(name => interfaces.includes(name));

/** Connection tracking sits in front of this chain (NF_IP_PRI_CONNTRACK). */
const isTracked = ({ hook, priority }: BaseChain): boolean =>
  hook === 'input' || (hook === 'prerouting' && priority > -200);

/** The ports at which the fate of a packet may change; between two of them every condition is constant. */
function firstPorts(tables: readonly Table[]): number[] {
  const starts = new Set([0]);
  const visit = (condition: Condition): void => {
    if (condition.on === 'port') {
      for (const { from, to } of condition.ranges) starts.add(from).add(to + 1);
    } else if (condition.on === 'not') visit(condition.of);
    else if (condition.on === 'all' || condition.on === 'any') condition.of.forEach(visit);
  };
  for (const table of new Set(tables)) {
    for (const { rules } of table.chains.values()) for (const rule of rules) rule.conditions.forEach(visit);
  }
  return [...starts].filter(port => port <= LAST_PORT).sort((a, b) => a - b);
}

/** Every base chain must let it pass: a drop anywhere is final, an accept ends only its own chain. */
function fateOf(packet: Packet, passed: readonly Passed[], sender: Sender): Fate {
  let unclear: Fate | null = null;
  let openedBy = 'no rule';
  for (const { table, chain } of passed) {
    packet.tracked = isTracked(chain.base!);
    const ends = walk(chain, { table, packet, sender, sure: true, depth: 0 });
    const at = { tool: table.tool, table: table.name, chain: chain.name };
    if (ends.size === 1 && ends.has('drop'))
      return { verdict: 'shut', by: ends.get('drop')!.last, chain: at, path: ends.get('drop')!.path };
    const [likeliest] = ends.values();
    if (ends.size > 1 || ends.has('translate'))
      unclear ??= { verdict: 'unclear', by: likeliest!.first, chain: at, path: [] };
    // A translated packet leaves for another host: what follows is not about it.
    if (ends.has('translate')) break;
    const by = ends.get('accept')?.last;
    if (by !== undefined && (by !== chain.base?.text || openedBy === 'no rule')) openedBy = by;
  }
  return unclear ?? { verdict: 'open', by: openedBy, path: [] };
}

/** Where a packet is. `sure` is false as soon as an undecided rule may already have ended its way. */
interface Flow {
  readonly table: Table;
  readonly packet: Packet;
  readonly sender: Sender;
  readonly sure: boolean;
  readonly depth: number;
}

/** All ways through a chain; a base chain ends with its policy, another one with a return. */
function walk(chain: Chain, flow: Flow): Ends {
  const ends: Ends = new Map();
  let { sure } = flow;
  for (const [index, rule] of chain.rules.entries()) {
    const isInvitation = flow.sender === 'invited' && invites(rule);
    const packet = isInvitation ? { ...flow.packet, stranger: false } : flow.packet;
    const holds = every(rule.conditions, packet);
    if (holds === false) continue;
    const next = follow(rule, { ...flow, sure: sure && holds === true });
    const goesOn = next.delete('continue');
    if (next.size > 0) sure = false;
    const place = { chain: chain.name, index };
    for (const [end, by] of next) add(ends, end, { ...by, path: [place, ...by.path] });
    if (holds && !goesOn) return withPolicy(ends, chain);
  }
  add(ends, 'return', { first: '', last: '', path: [{ chain: chain.name, index: chain.rules.length }] });
  return withPolicy(ends, chain);
}

const invites = ({ action, conditions }: FirewallRule): boolean =>
  action.do === 'accept' && conditions.some(namesPorts);

const namesPorts = (condition: Condition): boolean =>
  condition.on === 'port' ||
  ((condition.on === 'all' || condition.on === 'any') && condition.of.some(namesPorts));

/** A return from a base chain meets its policy; after a goto it may come out of another chain. */
function withPolicy(ends: Ends, { base }: Chain): Ends {
  const back = ends.get('return');
  if (base && back && ends.delete('return')) {
    add(ends, base.policy, { first: base.text, last: base.text, path: back.path });
  }
  return ends;
}

function add(ends: Ends, end: End, { first, ...last }: Bringer): void {
  ends.set(end, { first: ends.get(end)?.first ?? first, ...last });
}

const ended = (by: string, ...ends: End[]): Ends =>
  new Map(ends.map(end => [end, { first: by, last: by, path: [] }]));

/** What a rule that holds does. */
function follow(rule: FirewallRule, flow: Flow): Ends {
  const { action, text } = rule;
  switch (action.do) {
    case 'unpredictable':
      return ended(text, 'accept', 'drop');
    case 'jump':
    case 'goto':
      return enter(rule, action, flow);
    case 'notrack':
      flow.packet.untracked = flow.sure ? true : flow.packet.untracked || null;
      return ended(text, 'continue');
    case 'mark':
      flow.packet.marked = true;
      return ended(text, 'continue');
    case 'redirect':
      // Later chains see the new port; whether they do is not known when the rule may not hold.
      if (!flow.sure) return ended(text, 'translate');
      flow.packet.port = action.port ?? flow.packet.port;
      return ended(text, 'accept');
    default:
      return ended(text, action.do);
  }
}

function enter({ text }: FirewallRule, action: { do: 'jump' | 'goto'; chain: string }, flow: Flow): Ends {
  const chain = flow.table.chains.get(action.chain);
  if (!chain || flow.depth >= DEEPEST_JUMP) return ended(text, 'accept', 'drop');
  const ends = walk(chain, { ...flow, depth: flow.depth + 1 });
  // After a jump the packet comes back behind the rule; after a goto it comes back behind the jump before.
  const back = ends.get('return');
  if (action.do === 'jump' && back && ends.delete('return')) ends.set('continue', back);
  return ends;
}

/** Neighbours with the same fate are one range. */
function merge(verdicts: readonly Decision[]): Decision[] {
  const merged: Decision[] = [];
  for (const next of verdicts) {
    const last = merged.at(-1);
    if (last && last.verdict === next.verdict && last.by === next.by)
      merged[merged.length - 1] = { ...last, to: next.to };
    else merged.push(next);
  }
  return merged;
}
