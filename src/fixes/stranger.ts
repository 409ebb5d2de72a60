import { type Decision, inboundDecisions } from '../host/firewall/evaluate.ts';
import type { FirewallState } from '../host/firewall/state.ts';
import type { NeededDoor } from '../model/firewall.ts';

/**
 * Verdicts about a sender whom no rule for some senders means: a network let in everywhere does not open a port to
 * anybody else. What names the port and some senders is somebody's will, and counts as open.
 */
export function strangerDecisions({
  tables,
  outside,
}: Pick<FirewallState, 'tables' | 'outside'>): readonly Decision[] {
  const restricted = inboundDecisions(tables, outside, 'anybody').filter(isRestricted);
  return inboundDecisions(tables, outside, 'stranger').flatMap(decision => {
    const meant = restricted.filter(it => it.family === decision.family && it.protocol === decision.protocol);
    return meant.reduce<Decision[]>((left, hole) => left.flatMap(it => without(it, hole)), [decision]);
  });
}

/** Open to some senders, by a rule about this port. */
export const isRestricted = ({ verdict, by }: Decision): boolean =>
  verdict === 'unclear' && /\bdports?\b/.test(by);

const without = (decision: Decision, { from, to }: Decision): Decision[] =>
  [
    { ...decision, to: Math.min(decision.to, from - 1) },
    { ...decision, from: Math.max(decision.from, to + 1) },
  ].filter(it => it.from <= it.to);

/** What of a door is shut. */
export const shutParts = (
  decisions: readonly Decision[],
  door: Pick<NeededDoor, 'protocol' | 'from' | 'to' | 'families'>,
): Decision[] =>
  decisions
    .filter(it => it.verdict === 'shut' && it.protocol === door.protocol && door.families.includes(it.family))
    .map(it => ({ ...it, from: Math.max(it.from, door.from), to: Math.min(it.to, door.to) }))
    .filter(({ from, to }) => from <= to);
