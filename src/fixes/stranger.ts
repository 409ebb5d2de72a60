import { type Decision, inboundDecisions } from '../host/firewall/evaluate.ts';
import type { FirewallState } from '../host/firewall/state.ts';
import type { NeededDoor } from '../model/firewall.ts';

/**
 * Verdicts about a sender whom no rule for some senders means: a network let in everywhere does not open a port to
 * anybody else. A rule that lets some senders in to a port it names is somebody's will: such ports are left out.
 */
export function strangerDecisions(state: Rules): readonly Decision[] {
  const restricted = restrictedDecisions(state);
  return inboundDecisions(state.tables, state.outside, 'stranger').flatMap(decision =>
    restricted.reduce<Decision[]>(
      (left, { family, ...hole }) => left.flatMap(it => without(it, { ...hole, families: [family] })),
      [decision],
    ),
  );
}

/** Ports open to some senders, by rules that name them. */
export const restrictedDecisions = ({ tables, outside }: Rules): readonly Decision[] =>
  inboundDecisions(tables, outside, 'invited').filter(({ verdict }) => verdict === 'unclear');

type Rules = Pick<FirewallState, 'tables' | 'outside'>;

/** What a verdict says of other ports than these. */
export const without = (decision: Decision, ports: Ports): Decision[] =>
  isAbout(decision, ports)
    ? [
        { ...decision, to: Math.min(decision.to, ports.from - 1) },
        { ...decision, from: Math.max(decision.from, ports.to + 1) },
      ].filter(it => it.from <= it.to)
    : [decision];

/** Ports of a protocol, for some families. */
type Ports = Pick<NeededDoor, 'protocol' | 'from' | 'to' | 'families'>;

/** Whether a verdict is about any of these ports. */
export const isAbout = (decision: Decision, { protocol, families, from, to }: Ports): boolean =>
  decision.protocol === protocol &&
  families.includes(decision.family) &&
  decision.from <= to &&
  from <= decision.to;

/** What of a door is shut. */
export const shutParts = (decisions: readonly Decision[], door: Ports): Decision[] =>
  decisions
    .filter(it => it.verdict === 'shut' && isAbout(it, door))
    .map(it => ({ ...it, from: Math.max(it.from, door.from), to: Math.min(it.to, door.to) }));
