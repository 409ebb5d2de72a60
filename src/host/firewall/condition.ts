import type { Family } from '../../model/transport.ts';
import { parseIp, parsePrefix } from '../../util/ip.ts';
import {
  type IpRange,
  parseIpRange,
  rangeOfPrefix,
  rangesContain,
  subtractRanges,
  unionRanges,
  wholeFamily,
} from '../../util/ip-range.ts';
import { type Condition, given, type Outside, type Ternary } from './ruleset.ts';

/** A new packet from some outside host, as far as conditions ask. */
export interface Packet {
  readonly family: Family;
  readonly protocol: 'udp' | 'tcp';
  /** Stands for every port that no condition tells from it. */
  port: number;
  readonly outside: Outside;
  /** Whether a rule has exempted it from connection tracking. */
  untracked: Ternary;
  /** Whether connection tracking has seen it: chains before that see no state but `invalid`. */
  tracked: boolean;
  /** False until a rule may have set a mark. */
  marked: boolean;
  /** From somebody whom no condition on the sender means: one that is undecided does not hold. */
  readonly stranger: boolean;
}

/** Whether the packet meets a condition. */
function decide(condition: Condition, packet: Packet): Ternary {
  const holds = ternary(condition, packet);
  // Here and not for the whole: the opposite of what is undecided does hold for a stranger.
  return holds === null && condition.on === 'given' && packet.stranger ? false : holds;
}

function ternary(condition: Condition, packet: Packet): Ternary {
  switch (condition.on) {
    case 'given':
      return condition.holds;
    case 'family':
      return condition.family === packet.family;
    case 'protocol':
      return condition.names.includes(packet.protocol);
    case 'port':
      return condition.ranges.some(({ from, to }) => from <= packet.port && packet.port <= to);
    case 'interface':
      return among(
        packet.outside.interfaces,
        name => condition.names.some(pattern => fits(name, pattern)),
        () => (condition.names.every(name => name === 'lo') ? false : condition.names.includes('*') || null),
      );
    case 'destination':
      return isForUs(condition.ranges, packet);
    case 'ct-state':
      return among(
        statesOf(packet),
        state => condition.states.includes(state),
        () => null,
      );
    case 'mark':
      return packet.marked ? null : condition.zero;
    case 'not':
      return negate(decide(condition.of, packet));
    case 'all':
      return every(condition.of, packet);
    case 'any':
      return negate(everyOf(condition.of, of => negate(decide(of, packet))));
  }
}

/** Whether the packet meets all of them. */
export const every = (conditions: readonly Condition[], packet: Packet): Ternary =>
  everyOf(conditions, condition => decide(condition, packet));

function everyOf(conditions: readonly Condition[], holds: (condition: Condition) => Ternary): Ternary {
  let all: Ternary = true;
  for (const condition of conditions) {
    const one = holds(condition);
    if (one === false) return false;
    if (one === null) all = null;
  }
  return all;
}

const negate = (holds: Ternary): Ternary => (holds === null ? null : !holds);

const fits = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** True or false when it is so for all of the values, null when they differ. */
function among(
  values: readonly string[],
  holds: (value: string) => boolean,
  withoutAny: () => Ternary,
): Ternary {
  if (values.length === 0) return withoutAny();
  const count = values.filter(holds).length;
  return count === values.length ? true : count === 0 ? false : null;
}

function isForUs(ranges: readonly IpRange[], { family, outside }: Packet): Ternary {
  const ours = outside.addresses.filter(ip => parseIp(ip)?.family === family);
  return among(
    ours,
    ip => rangesContain(ranges, parseIp(ip)!),
    () => shareOf(ranges, family, NEVER_OURS),
  );
}

/** Conntrack states it may have. */
function statesOf({ untracked, tracked }: Packet): readonly string[] {
  if (untracked === true) return ['untracked'];
  const state = tracked ? 'new' : 'invalid';
  return untracked === null ? [state, 'untracked'] : [state];
}

const prefixes = (...texts: readonly string[]): IpRange[] =>
  texts.map(text => rangeOfPrefix(parsePrefix(text)!));

/** Addresses no packet from another network can come from. */
const NEVER_OUTSIDE = prefixes('127.0.0.0/8', '224.0.0.0/4', '::1/128', 'fe80::/10', 'ff00::/8');

/** Addresses that are not the server's own towards the outside. */
const NEVER_OURS = prefixes('127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32', '::1/128', 'ff00::/8');

function shareOf(ranges: readonly IpRange[], family: Family, never: readonly IpRange[]): Ternary {
  const possible = subtractRanges([wholeFamily(family)], never);
  const left = subtractRanges(possible, ranges);
  if (left.length === 0) return true;
  return subtractRanges(possible, left).length === 0 ? false : null;
}

/** A restriction of the sender: it holds for any outside host, for none, or for some. */
export function fromSource(ranges: readonly IpRange[]): Condition {
  const families = (['ipv4', 'ipv6'] as const).filter(family =>
    ranges.some(range => range.family === family),
  );
  return {
    on: 'any',
    of: families.map(family => ({
      on: 'all',
      of: [{ on: 'family', family }, given(shareOf(unionRanges(ranges), family, NEVER_OUTSIDE))],
    })),
  };
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or `10.0.0.1-10.0.0.9`; null when it is none of them. */
export function parseAddresses(text: string): IpRange | null {
  const [, address = '', mask = ''] = /^(.+)\/([\d.]+\.[\d.]+)$/.exec(text) ?? [];
  const prefix = parsePrefix(mask === '' ? text : `${address}/${maskLength(mask)}`);
  return prefix ? rangeOfPrefix(prefix) : parseIpRange(text);
}

const maskLength = (mask: string): number => {
  const bits = parseIp(mask)?.value.toString(2) ?? '0';
  return bits.indexOf('0') === -1 ? bits.length : bits.indexOf('0');
};
