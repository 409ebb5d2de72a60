import type { Step } from '../../model/plan.ts';
import { formatPortRange } from '../../util/port-range.ts';
import {
  type AddedRule,
  type Keep,
  type Open,
  onlyFamily,
  placeFor,
  ruleFor,
  TAG,
  tableOf,
  withRule,
} from './opening.ts';
import type { FirewallState } from './state.ts';

/** The file of ours that the ruleset's own file includes. */
export const OWN_NFT_FILE = '/etc/nftables-turnctl.conf';

/** With a star, a file that is gone is no error: one named in full would keep every rule from loading. */
const INCLUDE = 'include "/etc/nftables-turnctl*.conf"';

/**
 * nft deletes a rule by a number that it gives when the rule is made, so the number has to be looked up: in the chain
 * `$1 $2 $3`, of the rule that reads `$4`. The words are arguments, and none of them is read as a command.
 */
const DELETE_RULE = `nft -a list chain "$1" "$2" "$3" | sed -n "s/^[[:blank:]]*$4 # handle \\([0-9]*\\)$/\\1/p" |
while read -r handle; do nft delete rule "$1" "$2" "$3" handle "$handle" || exit 1; done`;

/** A rule in the chain that shuts the door, which alone can open it: an accept elsewhere does not outweigh a drop. */
export const openByNftables: Open = (opening, state) => {
  const {
    door,
    shut: [first],
  } = opening;
  const table = tableOf(state.tables, first);
  // firewalld writes its table anew whenever it reloads.
  if (table?.tool !== 'nft' || table.name.endsWith(' firewalld')) return null;
  const place = placeFor(table, first.path);
  const next = table.chains.get(place.chain)?.rules[place.index];
  const family = table.families.length > 1 ? onlyFamily(opening) : null;
  const text = `${family === null ? '' : `meta nfproto ${family} `}${door.protocol} dport ${formatPortRange(door)} accept comment "${TAG}"`;
  const into = [...table.name.split(' '), place.chain];
  const before = next?.handle === undefined ? [] : ['handle', `${next.handle}`];
  return {
    steps: [
      {
        kind: 'run',
        argv: ['nft', next ? 'insert' : 'add', 'rule', ...into, ...before, ...text.split(' ')],
        undo: ['sh', '-c', DELETE_RULE, 'sh', ...into, text],
        why: `lets ${formatPortRange(door)}/${door.protocol} in, before the ${next ? 'rule' : 'policy'} that shuts it: ${first.by}`,
      },
    ],
    tables: withRule(state.tables, table, place, ruleFor(door, text, { family })),
    rule: { tool: 'nft', table: table.name, chain: place.chain, last: next === undefined, text },
  };
};

/** A file of our own, included at the end of the one that nftables.service loads. */
export const keepByNftables: Keep = (rules, { nftables }) => {
  const ours = rules.filter(({ tool }) => tool === 'nft');
  if (ours.length === 0) return { steps: [], notes: [] };
  if (!nftables?.enabled) {
    return { steps: [], notes: ['nftables.service is not enabled: the rules last until the next start.'] };
  }
  const kept = ours.filter(rule => declares(nftables.file.text, rule));
  const lost = ours.filter(rule => !kept.includes(rule));
  return {
    steps: kept.length === 0 ? [] : fileSteps(kept, nftables),
    notes: [
      ...(kept.some(({ last }) => !last)
        ? ['From the next start on the rules stand in front of all others of their chain.']
        : []),
      ...lost.map(
        ({ table, chain }) =>
          `${nftables.file.path} has no chain ${chain} in table ${table}: whoever makes that chain must be told of the rule, or it lasts until the next start only.`,
      ),
    ],
  };
};

/** Rules for a chain that is not there would keep all others from loading. */
const declares = (text: string, { table, chain }: AddedRule): boolean =>
  new RegExp(
    `^[ \\t]*(?:add[ \\t]+)?table[ \\t]+${spaced(table)}[ \\t]*\\{[^]*?\\bchain[ \\t]+${chain}[ \\t]*\\{`,
    'm',
  ).test(withoutComments(text)) ||
  new RegExp(`\\b(?:add|create)[ \\t]+chain[ \\t]+${spaced(table)}[ \\t]+${chain}\\b`).test(
    withoutComments(text),
  );

/** The family \`ip\` may be left out. */
const spaced = (table: string): string =>
  table.startsWith('ip ') ? `(?:ip[ \\t]+)?${table.slice(3)}` : table.replace(' ', '[ \\t]+');

const withoutComments = (text: string): string => text.replaceAll(/^\s*#.*$/gm, '');

const HEAD = '# Written by turnctl: ports of coturn. turnserver.conf decides which.\n';

function fileSteps(
  rules: readonly AddedRule[],
  { file, own }: NonNullable<FirewallState['nftables']>,
): Step[] {
  const lines = rules.map(
    ({ table, chain, last, text }) => `${last ? 'add' : 'insert'} rule ${table} ${chain} ${text}`,
  );
  const before = own?.text ?? HEAD;
  const added = lines.filter(line => !before.split('\n').includes(line));
  const steps: Step[] = [];
  if (added.length > 0) {
    steps.push({
      kind: 'put-file',
      path: OWN_NFT_FILE,
      expectSha256: own?.sha256 ?? 'absent',
      content: `${before}${added.join('\n')}\n`,
      why: 'keeps the rules over the next start',
    });
  }
  if (!includesOwn(file.text)) {
    const end = file.text === '' || file.text.endsWith('\n') ? '' : '\n';
    steps.push({
      kind: 'put-file',
      path: file.path,
      expectSha256: file.sha256,
      content: `${file.text}${end}${INCLUDE}\n`,
      why: `adds one line at its end: ${INCLUDE}`,
    });
  }
  if (steps.length === 0) return [];
  const check = ['nft', '-c', '-f', file.path];
  return [...steps, { kind: 'run', argv: check, undo: 'none-needed', why: 'proves that it still loads' }];
}

/** Whether the file ends with what includes ours: in front of its tables it would come too early. */
const includesOwn = (text: string): boolean =>
  text
    .trimEnd()
    .split('\n')
    .findLastIndex(line => line.trim() === INCLUDE) >
  text
    .trimEnd()
    .split('\n')
    .findLastIndex(line => /^\s*[^#\s]*[{}]/.test(line));
