import type { RulesetTool } from '../../model/firewall.ts';
import { DOCKER_USER } from './docker-user.ts';
import { type Keep, type Open, placeFor, ruleFor, TAG, tableOf, withRule } from './opening.ts';
import type { FirewallState } from './state.ts';

/**
 * Deletes the rule that the fourth argument and what follows describe, in the chain `$3` of the table `$2`. After a
 * start it may be gone already, over which `-D` would fail.
 */
const DELETE_RULE = `program=$1 table=$2 chain=$3
shift 3
if "$program" -w -t "$table" -C "$chain" "$@" 2>/dev/null; then "$program" -w -t "$table" -D "$chain" "$@"; fi`;

/** A numbered rule in the chain that shuts the door. */
export const openByIptables: Open = ({ door, shut: [first] }, state) => {
  const table = tableOf(state.tables, first);
  if (!table || table.tool === 'nft') return null;
  const ofDocker = first.chain?.chain === DOCKER_USER;
  const place = ofDocker ? first.path[0]! : placeFor(table, first.path);
  const last = place.index === table.chains.get(place.chain)?.rules.length;
  const { protocol, from, to } = door;
  const ports = from === to ? `${from}` : `${from}:${to}`;
  const text = `-p ${protocol} -m ${protocol} --dport ${ports} -m comment --comment ${TAG} -j ${ofDocker ? 'RETURN' : 'ACCEPT'}`;
  const into = [programOf(table.tool, state), '-w', ...(table.name === 'filter' ? [] : ['-t', table.name])];
  const where = last ? ['-A', place.chain] : ['-I', place.chain, `${place.index + 1}`];
  const owner = state.manager === 'ufw' || state.manager === 'firewalld' ? state.manager : null;
  return {
    steps: [
      {
        kind: 'run',
        argv: [...into, ...where, ...text.split(' ')],
        undo: ['sh', '-c', DELETE_RULE, 'sh', into[0]!, table.name, place.chain, ...text.split(' ')],
        why: `lets ${ports}/${protocol} in, before the ${last ? 'policy' : 'rule'} that shuts it: ${first.by}`,
      },
    ],
    tables: withRule(
      state.tables,
      table,
      place,
      ruleFor(door, text, { action: { do: ofDocker ? 'return' : 'accept' } }),
    ),
    rule: { tool: table.tool, table: table.name, chain: place.chain, last, text },
    ...(owner === null
      ? {}
      : {
          notes: [`${owner} knows nothing of the rule in ${place.chain}, and drops it at its next reload.`],
        }),
  };
};

const KEEP_DOCKER_USER = `The rules in ${DOCKER_USER} last until the next start: run them again after docker.service, from a unit of your own.`;

/** What netfilter-persistent does at each start, with what is in force now. */
export const keepByIptables: Keep = (rules, state) => {
  const all = rules.filter(({ tool }) => tool !== 'nft');
  // Docker makes its rules itself: saved ones would be there twice, for containers of another day.
  const ours = all.filter(({ chain }) => chain !== DOCKER_USER);
  const docker = all.length > ours.length ? [KEEP_DOCKER_USER] : [];
  if (ours.length === 0) return { steps: [], notes: docker };
  const plain = ours.filter(({ tool }) => !programOf(tool, state).includes('-'));
  const isKept = state.iptables?.persistent === true;
  return {
    steps:
      isKept && plain.length > 0
        ? [
            {
              kind: 'run',
              argv: ['netfilter-persistent', 'save'],
              undo: 'none-needed',
              touches: ['/etc/iptables/rules.v4', '/etc/iptables/rules.v6'],
              why: 'keeps the rules in force over the next start',
            },
          ]
        : [],
    notes: [
      ...docker,
      ...(isKept
        ? []
        : [
            'No netfilter-persistent is installed: the rules last until the next start, unless what made the others is told of them.',
          ]),
      ...(isKept && plain.length < ours.length
        ? [
            'netfilter-persistent saves the rules of one iptables alone, and some are of the other: those last until the next start.',
          ]
        : []),
    ],
  };
};

/** The program for the rules of this kind: plain `iptables` is about one of the two. */
export function programOf(tool: RulesetTool, { iptables }: Pick<FirewallState, 'iptables'>): string {
  const plain = tool.replace(/-legacy$/, '');
  if (tool.endsWith('-legacy')) return iptables?.variant === 'legacy' ? plain : tool;
  return iptables?.variant === 'legacy' ? `${plain}-nft` : plain;
}
