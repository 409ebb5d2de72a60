import type { Decision } from '../host/firewall/evaluate.ts';
import { TAG } from '../host/firewall/opening.ts';
import type { FirewallState } from '../host/firewall/state.ts';
import type { DoorState, NeededDoor, SeenDoor, UnneededDoor } from '../model/firewall.ts';
import type { Family } from '../model/transport.ts';
import { formatPortRange, type PortRange, portCount, subtractPorts, unionPorts } from '../util/port-range.ts';
import { isAbout, restrictedDecisions, shutParts, strangerDecisions } from './stranger.ts';

/** Compares what is needed with what is in force. */
export function seeDoors(needed: readonly NeededDoor[], state: FirewallState): SeenDoor[] {
  const restricted = restrictedDecisions(state);
  const stranger = strangerDecisions(state);
  return needed.map(door => ({
    ...door,
    states: door.families.map(family => stateOf(door, family, { restricted, stranger })),
  }));
}

interface Seen {
  readonly restricted: readonly Decision[];
  readonly stranger: readonly Decision[];
}

function stateOf(door: NeededDoor, family: Family, { restricted, stranger }: Seen): DoorState {
  const about = (decisions: readonly Decision[]) =>
    decisions.filter(it => isAbout(it, { ...door, families: [family] }));
  const shut = shutParts(stranger, { ...door, families: [family] });
  const by = (decisions: readonly Decision[]) => [...new Set(decisions.map(it => it.by))];
  if (shut.length > 0) {
    const ports = unionPorts(shut);
    const whole = subtractPorts([door], ports).length === 0;
    return { family, state: whole ? 'shut' : 'partly', shut: ports, by: by(shut) };
  }
  const some = about(restricted);
  if (some.length > 0) return { family, state: 'some', shut: [], by: by(some) };
  const unclear = about(stranger).filter(it => it.verdict === 'unclear');
  if (unclear.length > 0) return { family, state: 'unclear', shut: [], by: by(unclear) };
  return { family, state: 'open', shut: [], by: by(about(stranger)) };
}

const STALE = 'a rule of turnctl for what turnserver.conf no longer has';

/**
 * A port that was to be opened and is not, or one that was open and is no more; null when there is none. Of `stuck` it was
 * known that they stay shut.
 */
export function whyDoorsWorse(
  before: readonly SeenDoor[],
  after: readonly SeenDoor[],
  stuck: readonly { readonly door: NeededDoor }[],
): string | null {
  for (const door of after) {
    const known = stuck.filter(it => it.door.protocol === door.protocol).map(it => it.door);
    for (const { family, state, shut, by } of door.states) {
      const left = subtractPorts(
        shut,
        known.filter(({ families }) => families.includes(family)),
      );
      const was = before.find(it => it.use === door.use)?.states.find(it => it.family === family)?.state;
      const isLost = was === 'open' && state !== 'open';
      if (left.length === 0 && !isLost) continue;
      const ports = formatPortRange(left[0] ?? door);
      return `${ports}/${door.protocol} is ${state} for ${family}: ${by.join('; ')}`;
    }
  }
  return null;
}

/** Ports of coturn's by default, and those beside them for RFC 5780. */
const USUAL_PORTS = [3478, 3479, 5349, 5350];

const LAST_PORT = 65_535;

/**
 * What is open for coturn and is not needed: a range wider than the relay range, a usual port of a listener that is off,
 * a rule of turnctl's own for what is no longer there. Ports of others are none of our business.
 */
export function unneededDoors(needed: readonly NeededDoor[], state: FirewallState): UnneededDoor[] {
  const open = strangerDecisions(state).filter(it => it.verdict === 'open');
  const found = new Map<string, UnneededDoor>();
  for (const decisions of byRule(open)) {
    const [first] = decisions;
    const ports = unionPorts(decisions);
    // What is open as a whole is so for everybody's sake.
    if (first === undefined || ports.reduce((sum, it) => sum + portCount(it), 0) > LAST_PORT) continue;
    const own = needed.filter(it => it.protocol === first.protocol && it.families.includes(first.family));
    const relay = own.find(({ use }) => use === 'relay');
    for (const { from, to } of subtractPorts(ports, own)) {
      const why = whyCoturns({ from, to }, ports, relay, first.by);
      if (why === null) continue;
      const id = `${first.protocol} ${from} ${to} ${why}`;
      const families = [...(found.get(id)?.families ?? []), first.family];
      found.set(id, { protocol: first.protocol, from, to, families, by: first.by, why });
    }
  }
  return [...found.values(), ...staleUfwRules(needed, state)];
}

function byRule(open: readonly Decision[]): Iterable<readonly Decision[]> {
  const rules = new Map<string, Decision[]>();
  for (const decision of open) {
    const key = `${decision.family} ${decision.protocol} ${decision.by}`;
    rules.set(key, [...(rules.get(key) ?? []), decision]);
  }
  return rules.values();
}

function whyCoturns(
  extra: PortRange,
  all: readonly PortRange[],
  relay: NeededDoor | undefined,
  by: string,
): string | null {
  if (by.includes(`comment "${TAG}"`) || by.includes(`--comment ${TAG} `)) {
    return STALE;
  }
  if (relay && all.some(it => it.from <= relay.to && relay.from <= it.to)) {
    return `wider than the relay range ${formatPortRange(relay)}`;
  }
  const usual = USUAL_PORTS.some(port => extra.from === port && extra.to === port);
  return usual ? 'no listener of turnserver.conf uses it' : null;
}

/** ufw keeps its comments in its own files. */
const staleUfwRules = (needed: readonly NeededDoor[], { ufw }: FirewallState): UnneededDoor[] =>
  (ufw?.rules ?? [])
    .filter(({ comment }) => comment === TAG)
    .filter(
      ({ protocol, ports }, i, all) =>
        all.findIndex(it => it.protocol === protocol && it.ports === ports) === i,
    )
    .flatMap(({ protocol, ports, action }) => {
      const [from = '', to = from] = ports.split(':');
      const range = { from: Number(from), to: Number(to) };
      if (
        (protocol !== 'udp' && protocol !== 'tcp') ||
        subtractPorts(
          [range],
          needed.filter(it => it.protocol === protocol),
        ).length === 0
      )
        return [];
      return [
        {
          protocol,
          ...range,
          families: ['ipv4', 'ipv6'],
          by: `ufw ${action} ${ports}/${protocol}`,
          why: STALE,
        },
      ];
    });
