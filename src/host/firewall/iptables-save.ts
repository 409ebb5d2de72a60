import type { RulesetTool } from '../../model/firewall.ts';
import type { Family } from '../../model/transport.ts';
import { parsePort } from '../../util/port-range.ts';
import { MODULES, OPTIONS } from './iptables-options.ts';
import {
  type Action,
  type BaseChain,
  type Chain,
  type Condition,
  type FirewallRule,
  given,
  negatedIf,
  type Table,
} from './ruleset.ts';

/** Built-in chains an inbound packet passes, with the priorities of linux/netfilter_ipv4.h. */
const BASE: { readonly [chain: string]: Pick<BaseChain, 'hook' | 'priority'> | undefined } = {
  'raw PREROUTING': { hook: 'prerouting', priority: -300 },
  'mangle PREROUTING': { hook: 'prerouting', priority: -150 },
  'nat PREROUTING': { hook: 'prerouting', priority: -100 },
  'mangle INPUT': { hook: 'input', priority: -150 },
  'filter INPUT': { hook: 'input', priority: 0 },
  'security INPUT': { hook: 'input', priority: 50 },
};

/** Reads `iptables-save` or `ip6tables-save`, of which the family and the name of `tool` tell one. */
export function parseIptablesSave(text: string, tool: Exclude<RulesetTool, 'nft'>): Table[] {
  const family: Family = tool.startsWith('ip6') ? 'ipv6' : 'ipv4';
  return text
    .split(/^\*/m)
    .slice(1)
    .map(section => parseTable(section.split('\n'), tool, family));
}

function parseTable([name = '', ...lines]: readonly string[], tool: RulesetTool, family: Family): Table {
  const table = name.trim();
  const command = table === 'filter' ? tool : `${tool} -t ${table}`;
  const chains = new Map<string, { base: BaseChain | null; rules: FirewallRule[] }>();
  for (const line of lines) {
    const [, chain, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (chain && policy) chains.set(chain, { base: baseOf(table, chain, policy, command), rules: [] });
    // Packet counters stand in front with -c, and nobody wants them quoted.
    const rule = line.replace(/^\[\d+:\d+\] /, '').trim();
    const [, into] = /^-A (\S+)/.exec(rule) ?? [];
    if (into) chains.get(into)?.rules.push(parseRule(rule, family, `${command} ${rule}`));
  }
  const named = [...chains].map(([chain, it]): [string, Chain] => [chain, { name: chain, ...it }]);
  return { tool, name: table, families: [family], writtenByIptables: true, chains: new Map(named) };
}

function baseOf(table: string, chain: string, policy: string, command: string): BaseChain | null {
  const place = BASE[`${table} ${chain}`];
  return place
    ? {
        ...place,
        devices: [],
        policy: policy === 'DROP' ? 'drop' : 'accept',
        text: `${command} -P ${chain} ${policy}`,
      }
    : null;
}

function parseRule(line: string, family: Family, text: string): FirewallRule {
  const [, , ...words] = splitWords(line);
  const target = words.findIndex(word => word === '-j' || word === '-g');
  const matches = target === -1 ? words : words.slice(0, target);
  return {
    conditions: parseConditions(matches, family),
    action: parseTarget(words.slice(matches.length)),
    text,
  };
}

/** Words of a line; iptables-save puts those with blanks into double quotes and escapes what is special in them. */
export const splitWords = (line: string): string[] =>
  [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare! : quoted.replace(/\\(.)/g, '$1'),
  );

function parseConditions(words: readonly string[], family: Family): Condition[] {
  const conditions: Condition[] = [];
  for (let i = 0; i < words.length; i++) {
    const negated = words[i] === '!';
    if (negated) i++;
    const name = words[i]!;
    if (name === '-m') {
      if (!MODULES.has(words[++i] ?? '')) conditions.push(given(null));
      continue;
    }
    const option = OPTIONS[name];
    // The arguments of an unknown option fall through here one by one, which is no less unknown.
    if (!option) conditions.push(negatedIf(negated, given(null)));
    else {
      conditions.push(negatedIf(negated, option.parse(family, ...words.slice(i + 1, i + 1 + option.takes))));
      i += option.takes;
    }
  }
  return conditions;
}

/** Targets after which the packet goes on through the chain (iptables-extensions(8)). */
const PASSING = new Set(
  (
    'LOG NFLOG ULOG AUDIT TRACE TCPMSS TCPOPTSTRIP CLASSIFY DSCP TOS TTL HL CHECKSUM ECN SET RATEEST SECMARK ' +
    'CONNSECMARK IDLETIMER LED SNAT MASQUERADE'
  ).split(' '),
);

function parseTarget([kind, name, ...options]: readonly string[]): Action {
  if (name === undefined) return { do: 'continue' };
  if (kind === '-g') return { do: 'goto', chain: name };
  if (PASSING.has(name)) return { do: 'continue' };
  switch (name) {
    case 'ACCEPT':
    case 'SYNPROXY':
      return { do: 'accept' };
    case 'DROP':
    case 'REJECT':
    case 'TARPIT':
      return { do: 'drop' };
    case 'RETURN':
      return { do: 'return' };
    case 'QUEUE':
    case 'NFQUEUE':
    case 'TPROXY':
      return { do: 'unpredictable' };
    case 'MARK':
    case 'CONNMARK':
      return { do: 'mark' };
    case 'NOTRACK':
      return { do: 'notrack' };
    case 'CT':
      return { do: options.includes('--notrack') ? 'notrack' : 'continue' };
    case 'REDIRECT':
      return parseRedirect(options);
    case 'DNAT':
    case 'NETMAP':
      return { do: 'translate' };
    default:
      // Any other name is a chain of the table; a target we do not know is no chain, which the evaluator sees.
      return { do: 'jump', chain: name };
  }
}

function parseRedirect(options: readonly string[]): Action {
  const at = options.indexOf('--to-ports');
  if (at === -1) return { do: 'redirect', port: null };
  const port = parsePort(options[at + 1] ?? '');
  return port === null ? { do: 'translate' } : { do: 'redirect', port };
}
