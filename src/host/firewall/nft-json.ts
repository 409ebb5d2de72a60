import type { Family } from '../../model/transport.ts';
import {
  elements,
  field,
  type Json,
  matchValues,
  type NamedSets,
  parseMatch,
  plain,
  underLimit,
} from './nft-condition.ts';
import {
  type Action,
  type BaseChain,
  type Chain,
  type Condition,
  type FirewallRule,
  given,
  INBOUND_HOOKS,
  type Table,
} from './ruleset.ts';

/** Families of tables an inbound IP packet passes; `bridge` and `arp` tables are about others. */
const FAMILIES: { readonly [family: string]: readonly Family[] | undefined } = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: ['ipv4', 'ipv6'],
  netdev: ['ipv4', 'ipv6'],
};

/**
 * Reads `nft -j list ruleset`; `listing` is `nft -a -t list ruleset`, from which rules are quoted by their handles.
 * @throws {SyntaxError} when the first is not JSON.
 */
export function parseNftRuleset(json: string, listing: string): Table[] {
  const objects = field(JSON.parse(json) as Json, 'nftables');
  const list = Array.isArray(objects) ? (objects as readonly Json[]) : [];
  const quotes = quoteRules(listing);
  return list
    .map(object => field(object, 'table'))
    .filter(table => table !== null)
    .flatMap(table => {
      const family = `${field(table, 'family')}`;
      const families = FAMILIES[family];
      return families ? [parseTable(list, family, `${field(table, 'name')}`, families, quotes)] : [];
    });
}

function parseTable(
  objects: readonly Json[],
  family: string,
  table: string,
  families: readonly Family[],
  quotes: ReadonlyMap<string, string>,
): Table {
  const of = (kind: string) =>
    objects
      .map(object => field(object, kind))
      .filter(it => field(it, 'family') === family && (field(it, 'table') ?? field(it, 'name')) === table);
  const sets: NamedSets = new Map(
    [...of('set'), ...of('map')].map(set => [`@${field(set, 'name')}`, asList(field(set, 'elem'))]),
  );
  const rulesOf = (chain: string) => of('rule').filter(rule => field(rule, 'chain') === chain);
  const chains = of('chain').map((chain): [string, Chain] => {
    const name = `${field(chain, 'name')}`;
    const where = `${family} ${table} ${name}`;
    const parsed = rulesOf(name).flatMap(rule =>
      parseRule(
        field(rule, 'expr'),
        sets,
        `${where}: ${quotes.get(`${where} ${field(rule, 'handle')}`) ?? 'rule'}`,
      ).map(it => ({ ...it, handle: Number(field(rule, 'handle')) })),
    );
    return [name, { name, base: baseOf(chain, where, quotes), rules: parsed }];
  });
  return {
    tool: 'nft',
    name: `${family} ${table}`,
    families,
    writtenByIptables: isWrittenByIptables(`${family} ${table}`, sets, {
      chains: of('chain'),
      rules: of('rule'),
    }),
    chains: new Map(chains),
  };
}

/**
 * iptables-nft keeps to the tables, chains and expressions it had before nftables. Of a table with another base chain
 * iptables-nft-save prints nothing but empty chains, and a rule that somebody put beside its own with nft it would cut
 * short: such tables are read as they stand.
 */
const isWrittenByIptables = (
  table: string,
  sets: NamedSets,
  { chains, rules }: { readonly chains: readonly Json[]; readonly rules: readonly Json[] },
): boolean =>
  /^ip6? (raw|mangle|nat|filter|security)$/.test(table) &&
  chains.every(chain => field(chain, 'hook') === null || BUILT_IN.has(`${field(chain, 'name')}`)) &&
  sets.size === 0 &&
  !/"(vmap|set)":/.test(JSON.stringify(rules));

const BUILT_IN = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

const asList = (json: Json): readonly Json[] => (Array.isArray(json) ? json : []);

function baseOf(chain: Json, where: string, quotes: ReadonlyMap<string, string>): BaseChain | null {
  const hook = INBOUND_HOOKS.find(name => name === field(chain, 'hook'));
  if (!hook) return null;
  const policy = field(chain, 'policy') === 'drop' ? 'drop' : 'accept';
  // nft 1.0 leaves the devices out of its JSON.
  const devices = [...(quotes.get(where) ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
  return {
    hook,
    policy,
    devices,
    priority: Number(field(chain, 'prio')),
    text: `${where}: policy ${policy}`,
  };
}

/** One rule of nft is several of ours when it has a verdict map, or does more than one thing. */
function parseRule(expressions: Json, sets: NamedSets, text: string): FirewallRule[] {
  const conditions: Condition[] = [];
  const rules: FirewallRule[] = [];
  for (const statement of asList(expressions)) {
    const [kind = '', argument = null] = Object.entries(statement ?? {})[0] ?? [];
    const condition = parseCondition(kind, argument, sets);
    if (condition) conditions.push(condition);
    else if (kind === 'vmap') rules.push(...parseVerdictMap(argument, sets, conditions, text));
    else {
      const action = parseAction(kind, argument);
      if (kind === 'reject' || kind === 'dnat') conditions.push(...impliedByAction(argument));
      if (action) rules.push({ conditions: [...conditions], action, text });
    }
  }
  return rules;
}

function parseCondition(kind: string, argument: Json, sets: NamedSets): Condition | null {
  if (kind === 'match') return parseMatch(argument, sets);
  if (kind === 'limit' || kind === 'quota' || kind === 'ct count') return given(underLimit(argument));
  // A rate per sender: `add @meter { ip saddr limit rate over 10/second }`.
  if (kind === 'set' || kind === 'meter') {
    const inner = asList(field(argument, 'stmt')).filter(
      statement => field(statement, 'limit') !== null || field(statement, 'ct count') !== null,
    );
    return given(
      inner.every(statement => underLimit(field(statement, 'limit') ?? field(statement, 'ct count'))),
    );
  }
  return kind === 'xt' && field(argument, 'type') === 'match' ? given(null) : null;
}

/** Keys of a map exclude each other, so that at most one of the rules holds. */
function parseVerdictMap(
  map: Json,
  sets: NamedSets,
  conditions: readonly Condition[],
  text: string,
): FirewallRule[] {
  return elements(field(map, 'data'), sets).flatMap((entry): FirewallRule[] => {
    const [key, verdict] = asList(entry);
    const [kind = '', argument = null] = Object.entries(verdict ?? {})[0] ?? [];
    if (key === undefined) return [{ conditions, action: { do: 'unpredictable' }, text }];
    const action = parseAction(kind, argument);
    if (!action) return [];
    return [{ conditions: [...conditions, matchValues(field(map, 'key'), [plain(key)])], action, text }];
  });
}

function parseAction(kind: string, argument: Json): Action | null {
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'notrack':
      return { do: kind };
    case 'reject':
      return { do: 'drop' };
    case 'jump':
    case 'goto':
      return { do: kind, chain: `${field(argument, 'target')}` };
    case 'redirect': {
      const port = field(argument, 'port');
      if (port === null || typeof port === 'number') return { do: 'redirect', port };
      return { do: 'translate' };
    }
    case 'dnat':
      return { do: 'translate' };
    // The kernel itself answers the SYN, and hands over a connection.
    case 'synproxy':
      return { do: 'accept' };
    case 'mangle':
      return setsMark(argument) ? { do: 'mark' } : null;
    case 'queue':
    case 'fwd':
    case 'tproxy':
    case 'xt':
      return { do: 'unpredictable' };
    default:
      return null;
  }
}

/** An answer in ICMP or TCP and an address to translate to ask for packets of their kind; the JSON leaves that out. */
function impliedByAction(argument: Json): Condition[] {
  switch (field(argument, 'type') ?? field(argument, 'family')) {
    case 'icmp':
    case 'ip':
      return [{ on: 'family', family: 'ipv4' }];
    case 'icmpv6':
    case 'ip6':
      return [{ on: 'family', family: 'ipv6' }];
    case 'tcp reset':
      return [{ on: 'protocol', names: ['tcp'] }];
    default:
      return [];
  }
}

const setsMark = (mangle: Json): boolean => {
  const key = field(mangle, 'key');
  return [field(key, 'meta'), field(key, 'ct')].some(it => field(it, 'key') === 'mark');
};

/**
 * Rules as nft prints them, by `family table chain handle`, and devices of base chains by `family table chain`.
 * Counters change all the time and are left out.
 */
export function quoteRules(listing: string): Map<string, string> {
  const quotes = new Map<string, string>();
  let table = '';
  let chain = '';
  for (const line of listing.split('\n')) {
    const [, kind, name = ''] = /^\s*(table|chain) (.+?) \{/.exec(line) ?? [];
    if (kind === 'table') table = name;
    else if (kind === 'chain') chain = name;
    const [, devices] = /^\s*type filter hook ingress (device.+?) priority/.exec(line) ?? [];
    if (devices) quotes.set(`${table} ${chain}`, devices);
    const [, rule = '', handle] = /^\s*(.+) # handle (\d+)$/.exec(line) ?? [];
    if (handle && !kind)
      quotes.set(`${table} ${chain} ${handle}`, rule.replace(/ counter packets \d+ bytes \d+/g, ''));
  }
  return quotes;
}
