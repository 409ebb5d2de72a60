import type { FirewallFact } from '../../model/firewall.ts';
import { openByFirewalld, openByRichRule } from './open-firewalld.ts';
import { keepByIptables, openByIptables } from './open-iptables.ts';
import { keepByNftables, openByNftables } from './open-nftables.ts';
import { openByUfw } from './open-ufw.ts';
import type { Keep, Open } from './opening.ts';
import type { Chain, Table } from './ruleset.ts';

/** A tool with which operators manage the rules of netfilter. */
export interface FirewallBackend {
  readonly name: Exclude<FirewallFact['manager'], 'none'>;
  /** Whether rules of its making decide about inbound packets. */
  readonly detect: (tables: readonly Table[]) => boolean;
  /** Ways to let a port in, the gentlest first. */
  readonly open: readonly Open[];
  /** For tools whose own command does not. */
  readonly keep?: Keep;
}

/** Those that write rules through another one come first: it is them an operator must tell. */
export const BACKENDS: readonly FirewallBackend[] = [
  {
    name: 'firewalld',
    detect: tables =>
      tables.some(table => / firewalld$/.test(table.name) && isActive(table)) ||
      reaches(tables, /^INPUT_ZONES$/),
    open: [openByFirewalld, openByRichRule],
  },
  // ufw leaves its chains behind when it is switched off, with nothing that leads into them.
  { name: 'ufw', detect: tables => reaches(tables, /^ufw6?-user-input$/), open: [openByUfw] },
  {
    name: 'nftables',
    detect: tables => tables.some(table => table.tool === 'nft' && isActive(table)),
    open: [openByNftables],
    keep: keepByNftables,
  },
  {
    name: 'iptables',
    detect: tables => tables.some(table => table.tool !== 'nft' && isActive(table)),
    open: [openByIptables],
    keep: keepByIptables,
  },
];

/** The tool whose rules are in force; `none` when nothing decides about inbound packets. */
export const chooseManager = (tables: readonly Table[]): FirewallFact['manager'] =>
  BACKENDS.find(({ detect }) => detect(tables))?.name ?? 'none';

/** Whether an inbound packet may meet a rule or a policy that does something to it. */
function isActive(table: Table): boolean {
  const decides = (chain: Chain) =>
    chain.base?.policy === 'drop' || chain.rules.some(({ action }) => !MOVES.has(action.do));
  return [...chainsReached(table)].some(decides);
}

const MOVES: ReadonlySet<string> = new Set(['jump', 'goto', 'return', 'continue']);

const reaches = (tables: readonly Table[], name: RegExp): boolean =>
  tables.some(table => [...chainsReached(table)].some(chain => name.test(chain.name)));

/** Chains of a table that an inbound packet may come into. */
function chainsReached({ chains }: Table): ReadonlySet<Chain> {
  const reached = new Set<Chain>();
  const enter = (chain: Chain | undefined): void => {
    if (!chain || reached.has(chain)) return;
    reached.add(chain);
    for (const { action } of chain.rules) {
      if (action.do === 'jump' || action.do === 'goto') enter(chains.get(action.chain));
    }
  };
  for (const chain of chains.values()) if (chain.base) enter(chain);
  return reached;
}
