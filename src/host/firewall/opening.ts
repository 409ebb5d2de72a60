import type { Door, NeededDoor, RulesetTool } from '../../model/firewall.ts';
import type { Step } from '../../model/plan.ts';
import type { Family } from '../../model/transport.ts';
import type { Decision, RulePlace } from './evaluate.ts';
import type { Action, Chain, FirewallRule, Table } from './ruleset.ts';
import type { FirewallState } from './state.ts';

/** What every rule of ours is marked with, where the tool has comments. */
export const TAG = 'turnctl';

/** A door that one base chain shuts. */
export interface Opening {
  readonly door: NeededDoor;
  /** Those of its families in which it is to be open to anybody. */
  readonly families: readonly Family[];
  /** Its parts that are shut there, in both families, the one decided first in front. */
  readonly shut: readonly [Decision, ...Decision[]];
}

/**
 * The family a rule must keep to, where a table or a tool is about both: in the other one the door is open to some
 * senders only, and is to stay so. Null where there is no such family.
 */
export const onlyFamily = ({ door, families }: Opening): Family | null =>
  families.length === 1 && door.families.length > 1 ? families[0]! : null;

/** A rule for a door: the steps that make it, and the rules as they will be then. */
export interface Opened {
  readonly steps: readonly Step[];
  readonly tables: readonly Table[];
  /** What the operator must know, a sentence each. */
  readonly notes?: readonly string[];
  /** Of a rule that its own command does not keep: what `keep` needs to know. */
  readonly rule?: AddedRule;
}

export interface AddedRule {
  readonly tool: RulesetTool;
  /** As that tool addresses it. */
  readonly table: string;
  readonly chain: string;
  /** Whether it stands behind all others. */
  readonly last: boolean;
  /** In the tool's words, from its first condition on. */
  readonly text: string;
}

/** Makes a rule for a door; null where another tool's rules shut it, or its own would not help. */
export type Open = (opening: Opening, state: FirewallState) => Opened | null;

/** Makes the rules outlast the next start. */
export type Keep = (
  rules: readonly AddedRule[],
  state: FirewallState,
) => { readonly steps: readonly Step[]; readonly notes: readonly string[] };

/** The table whose base chain shuts the door. */
export const tableOf = (tables: readonly Table[], { chain }: Decision): Table | undefined =>
  tables.find(({ tool, name }) => tool === chain?.tool && name === chain.table);

/**
 * Where a rule for the door takes effect: in front of the rule that decides, so that what the operator put before it, a
 * list of banned senders perhaps, stays before ours. A chain that other ways lead into as well is left alone.
 */
export function placeFor({ chains }: Table, path: readonly RulePlace[]): RulePlace {
  const [base, ...jumps] = path;
  const within = reachedFrom(chains, base!.chain);
  const isShared = (name: string): boolean =>
    [...chains.values()].some(chain => !within.has(chain.name) && leadsInto(chain, name));
  const shared = jumps.findIndex(({ chain }) => isShared(chain));
  return (shared === -1 ? path : path.slice(0, shared + 1)).at(-1)!;
}

const leadsInto = ({ rules }: Chain, name: string): boolean =>
  rules.some(({ action }) => (action.do === 'jump' || action.do === 'goto') && action.chain === name);

function reachedFrom(chains: Table['chains'], name: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const enter = (chain: Chain | undefined): void => {
    if (!chain || reached.has(chain.name)) return;
    reached.add(chain.name);
    for (const { action } of chain.rules)
      if (action.do === 'jump' || action.do === 'goto') enter(chains.get(action.chain));
  };
  enter(chains.get(name));
  return reached;
}

/** The rules as they are with one more. */
export const withRule = (
  tables: readonly Table[],
  table: Table,
  { chain, index }: RulePlace,
  rule: FirewallRule,
): readonly Table[] =>
  tables.map(it => {
    const into = it.chains.get(chain);
    if (it !== table || !into) return it;
    return {
      ...it,
      chains: new Map(it.chains).set(chain, { ...into, rules: into.rules.toSpliced(index, 0, rule) }),
    };
  });

/** A rule of ours in the words of the evaluator. */
export const ruleFor = (
  { protocol, from, to }: Door,
  text: string,
  { action = { do: 'accept' }, family = null }: { action?: Action; family?: Family | null } = {},
): FirewallRule => ({
  conditions: [
    ...(family === null ? [] : [{ on: 'family', family } as const]),
    { on: 'protocol', names: [protocol] },
    { on: 'port', ranges: [{ from, to }] },
  ],
  action,
  text,
});
