import { every, type Packet } from './condition.ts';
import type { Outside, Table } from './ruleset.ts';

/** firewalld's zone of the interface that faces outside; null when firewalld has no rules in force. */
export function zoneOf(tables: readonly Table[], outside: Outside): string | null {
  const packet: Packet = {
    family: 'ipv4',
    protocol: 'udp',
    port: 0,
    outside,
    untracked: false,
    tracked: true,
    marked: false,
    stranger: false,
  };
  // Each zone is entered by a goto, for its interfaces; the default zone's comes last, for all others.
  const entries = tables
    .flatMap(({ chains }) => [chains.get('filter_INPUT_ZONES'), chains.get('INPUT_ZONES')])
    .flatMap(chain => chain?.rules ?? [])
    .filter(({ conditions }) => every(conditions, packet) === true);
  for (const { action } of entries) {
    if (action.do === 'goto') return /^(?:filter_)?IN_(.+)$/.exec(action.chain)?.[1] ?? null;
  }
  return null;
}
