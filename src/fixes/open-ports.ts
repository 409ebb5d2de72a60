import { BACKENDS } from '../host/firewall/backends.ts';
import { type Decision, inboundDecisions } from '../host/firewall/evaluate.ts';
import { prepareUfw } from '../host/firewall/open-ufw.ts';
import type { AddedRule, Opened, Opening } from '../host/firewall/opening.ts';
import type { FirewallState } from '../host/firewall/state.ts';
import type { NeededDoor } from '../model/firewall.ts';
import type { Step } from '../model/plan.ts';
import { isAbout, restrictedDecisions, shutParts, strangerDecisions, without } from './stranger.ts';

/** Ports of a door that stay shut in one family. */
interface Stuck {
  readonly door: NeededDoor;
  readonly by: string;
}

/** How the needed doors are opened, and what of them stays shut. */
export interface OpeningPlan {
  readonly steps: readonly Step[];
  /** Doors that no rule of turnctl's can open, with the rule that shuts each. */
  readonly stuck: readonly Stuck[];
  /** What the operator must know, a sentence each. */
  readonly notes: readonly string[];
}

// Each table on the packet's way may shut a door once more.
const MOST_RULES = 64;

/**
 * Rules that let the needed doors in, each in the chain that shuts it. Every rule is tried on a model of the rules in
 * force before the next one is looked for; a door that is open already gets none.
 */
export function planOpenings(needed: readonly NeededDoor[], state: FirewallState): OpeningPlan {
  const steps: Step[] = [];
  const notes: string[] = [];
  const rules: AddedRule[] = [];
  const stuck: Stuck[] = [];
  let now = state;
  while (steps.length < MOST_RULES) {
    const opening = nextOpening(needed, now, stuck);
    if (opening === undefined) break;
    const opened = open(opening, now);
    if (opened === null) {
      const [part] = opening.shut;
      stuck.push({
        door: { ...opening.door, from: part.from, to: part.to, families: [part.family] },
        by: part.by,
      });
      continue;
    }
    now = { ...now, tables: opened.tables };
    steps.push(...opened.steps);
    notes.push(...(opened.notes ?? []));
    if (opened.rule) rules.push(opened.rule);
  }
  for (const { keep } of BACKENDS) {
    const kept = keep?.(rules, state);
    steps.push(...(kept?.steps ?? []));
    notes.push(...(kept?.notes ?? []));
  }
  if (state.manager === 'none' && state.ufw && !state.ufw.enabled) {
    const prepared = prepareUfw(needed, state);
    steps.push(...prepared);
    if (prepared.length > 0)
      notes.push(
        'ufw is switched off and stays off: its rules are for the day when somebody switches it on.',
      );
  }
  return {
    steps: touchedOnce(steps),
    stuck,
    notes: [...new Set(notes)],
  };
}

/**
 * Each file is kept by the first step that touches it, whose undo is the last: given back sooner, it would tell a tool that
 * what its undo is to take away is gone already.
 */
function touchedOnce(steps: readonly Step[]): Step[] {
  const kept = new Set<string>();
  return steps.map(step => {
    if (step.kind !== 'run' || !step.touches) return step;
    const { touches: all, ...rest } = step;
    const touches = all.filter(path => !kept.has(path));
    for (const path of touches) kept.add(path);
    return touches.length === 0 ? rest : { ...rest, touches };
  });
}

/** The first door that is shut, with all that one base chain shuts of it. */
function nextOpening(
  needed: readonly NeededDoor[],
  state: FirewallState,
  stuck: readonly Stuck[],
): Opening | undefined {
  const decisions = strangerDecisions(state);
  const restricted = restrictedDecisions(state);
  for (const door of needed) {
    const parts = shutParts(decisions, door).flatMap(part =>
      stuck.reduce<Decision[]>((left, hole) => left.flatMap(it => without(it, hole.door)), [part]),
    );
    const [first, ...others] = parts.filter(it => isSameChain(it, parts[0]!)).toSorted(byOrder);
    if (first === undefined) continue;
    const families = door.families.filter(
      family => !restricted.some(it => isAbout(it, { ...door, families: [family] })),
    );
    return { door, families, shut: [first, ...others] };
  }
  return undefined;
}

/** The first way that the model shows to change something. */
function open(opening: Opening, state: FirewallState): Opened | null {
  const [first] = opening.shut;
  for (const way of BACKENDS.flatMap(backend => backend.open)) {
    const opened = way(opening, state);
    if (opened === null) continue;
    const after = inboundDecisions(opened.tables, state.outside, 'stranger');
    const still = shutParts(after, { ...opening.door, families: [first.family] });
    const isSame = (it: Decision) =>
      it.from <= first.from && first.from <= it.to && it.by === first.by && isSameChain(it, first);
    if (!still.some(isSame)) return opened;
  }
  return null;
}

const isSameChain = ({ chain: a }: Decision, { chain: b }: Decision): boolean =>
  a?.tool === b?.tool && a?.table === b?.table && a?.chain === b?.chain;

/** The rule that is met first of those in one chain: what is in front of it is in front of all. */
function byOrder(a: Decision, b: Decision): number {
  for (const [i, { chain, index }] of a.path.entries()) {
    const other = b.path[i];
    if (other === undefined || other.chain !== chain) return 0;
    if (other.index !== index) return index - other.index;
  }
  return 0;
}
