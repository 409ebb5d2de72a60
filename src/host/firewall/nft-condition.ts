import type { IpRange } from '../../util/ip-range.ts';
import type { PortRange } from '../../util/port-range.ts';
import { fromSource, parseAddresses } from './condition.ts';
import { type Condition, given, negatedIf, type Ternary } from './ruleset.ts';

/** Any value of `nft -j` (libnftables-json(5)). */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The elements of a named set or map, by its name with `@`. */
export type NamedSets = ReadonlyMap<string, readonly Json[]>;

const UNKNOWN = given(null);

/** Stands for the elements of a set that the ruleset does not hold. */
export const UNREAD: Json = { unread: true };

/** What one `match` statement asks. */
export function parseMatch(match: Json, sets: NamedSets): Condition {
  const left = field(match, 'left');
  const operator = field(match, 'op');
  const right = field(match, 'right');
  if (typeof operator === 'string' && /^[<>]/.test(operator)) return compare(left, operator, right);
  // `tcp flags & (syn | ack) == syn | ack`: with `==` a list is one value made of bits, with `in` any of them will do.
  const values: readonly Json[] = Array.isArray(right) && operator !== 'in' ? [right] : elements(right, sets);
  const negated = operator === '!=';
  return values.includes(UNREAD)
    ? implying(left, negatedIf(negated, UNKNOWN))
    : matchValues(left, values, negated);
}

/** The condition that a key of a rule, a set or a verdict map has one of these values. */
export function matchValues(left: Json, values: readonly Json[], negated = false): Condition {
  const parts = field(left, 'concat');
  if (Array.isArray(parts)) return negatedIf(negated, matchTuples(parts, values));
  const [key, argument] = keyOf(left);
  const parse = KEYS[key];
  if (parse) return implying(left, negatedIf(negated, parse(values, argument)));
  if (IMPOSSIBLE.has(key)) return given(negated);
  return implying(left, negatedIf(negated, UNKNOWN));
}

/** `tcp . 22`: each tuple is a conjunction of its parts. */
const matchTuples = (keys: readonly Json[], values: readonly Json[]): Condition => ({
  on: 'any',
  of: values.map(value => {
    const parts = field(value, 'concat');
    if (!Array.isArray(parts)) return UNKNOWN;
    return { on: 'all', of: keys.map((key, i) => matchValues(key, [plain(parts[i] ?? null)])) };
  }),
});

/** A member of an object, or null. */
export const field = (json: Json | undefined, name: string): Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? ((json as { readonly [key: string]: Json })[name] ?? null)
    : null;

/** The values a right-hand side stands for: itself, an anonymous set, a named set, or a list of flags. */
export function elements(right: Json, sets: NamedSets): readonly Json[] {
  if (typeof right === 'string' && right.startsWith('@')) return sets.get(right)?.map(plain) ?? [UNREAD];
  const set = field(right, 'set');
  if (set !== null) return Array.isArray(set) ? set.map(plain) : [plain(set)];
  return Array.isArray(right) ? right : [right];
}

/** Without the comment, timeout or counter of a set element. */
export const plain = (value: Json): Json => {
  const element = field(value, 'elem');
  return element === null ? value : field(element, 'val');
};

/** `udp dport`, `meta iifname`, `ct state`, and what else there is to the expression. */
function keyOf(left: Json): [key: string, argument: Json] {
  const payload = field(left, 'payload');
  if (payload !== null) {
    const where = field(payload, 'base') === null ? field(payload, 'protocol') : rawBase(payload);
    const what = field(payload, 'field') ?? '';
    const key = what === 'dport' || where === 'dport' ? 'dport' : `${where} ${what}`;
    return [key, null];
  }
  const masked = field(left, '&');
  if (Array.isArray(masked)) {
    const [key] = keyOf(masked[0] ?? null);
    return [`${key} &`, masked[1] ?? null];
  }
  for (const kind of ['meta', 'ct']) {
    const key = field(field(left, kind), 'key');
    if (key !== null) return [`${kind} ${key}`, null];
  }
  const lookup = field(left, 'fib');
  if (lookup !== null) return [`fib ${field(lookup, 'result')} ${flagsOf(lookup)[0] ?? ''}`, null];
  return [Object.keys(left ?? {})[0] ?? '', null];
}

const flagsOf = (lookup: Json): readonly Json[] => {
  const flags = field(lookup, 'flags');
  return Array.isArray(flags) ? flags : [flags];
};

/** The destination port of UDP and TCP when it is written as bits 16-31 of the transport header. */
const rawBase = (payload: Json): string =>
  field(payload, 'base') === 'transport' && field(payload, 'offset') === 16 && field(payload, 'len') === 16
    ? 'dport'
    : 'raw';

/** A payload of a protocol implies that protocol, and it is left out of the JSON. */
function implying(left: Json, condition: Condition): Condition {
  const parts = field(left, '&');
  const protocol = `${field(field(Array.isArray(parts) ? (parts[0] ?? null) : left, 'payload'), 'protocol')}`;
  const layer: Condition | null =
    protocol === 'ip' || protocol === 'ip6'
      ? { on: 'family', family: protocol === 'ip' ? 'ipv4' : 'ipv6' }
      : TRANSPORTS.has(protocol)
        ? { on: 'protocol', names: [protocol] }
        : null;
  return layer ? { on: 'all', of: [layer, condition] } : condition;
}

const TRANSPORTS = new Set([
  'udp',
  'tcp',
  'udplite',
  'sctp',
  'dccp',
  'icmp',
  'icmpv6',
  'igmp',
  'esp',
  'ah',
  'comp',
]);

type ParseValues = (values: readonly Json[], argument: Json) => Condition;

const oneOf =
  (...names: readonly string[]): ParseValues =>
  values =>
    given(values.some(v => names.includes(`${v}`)));

const protocol: ParseValues = values =>
  values.some(value => typeof value === 'object')
    ? UNKNOWN
    : { on: 'protocol', names: values.map(protocolName) };

const protocolName = (value: Json): string => (value === 6 ? 'tcp' : value === 17 ? 'udp' : `${value}`);

const family: ParseValues = values => ({
  on: 'any',
  of: values.map(value =>
    value === 'ip' || value === 'ipv4'
      ? { on: 'family', family: 'ipv4' }
      : value === 'ip6' || value === 'ipv6'
        ? { on: 'family', family: 'ipv6' }
        : given(false),
  ),
});

const incomingInterface: ParseValues = values => ({
  on: 'interface',
  names: values.map(value => `${value}`),
});

/** Bits of a mark that no rule has set are zero. */
const mark: ParseValues = values => ({ on: 'mark', zero: values.some(value => value === 0) });

const source: ParseValues = values => {
  const ranges = values.map(addressRange);
  return ranges.every(range => range !== null) ? fromSource(ranges) : UNKNOWN;
};

const destination: ParseValues = values => {
  const ranges = values.map(addressRange);
  return ranges.every(range => range !== null) ? { on: 'destination', ranges } : UNKNOWN;
};

const ports: ParseValues = values => {
  const ranges = values.map(portRange);
  return ranges.every(range => range !== null) ? { on: 'port', ranges } : UNKNOWN;
};

/** The first packet of a connection has SYN and, but for congestion bits, nothing else. */
const tcpFlags: ParseValues = (values, mask) => {
  const bits = field(mask, '|') ?? mask;
  const looked = Array.isArray(bits) ? bits : [bits];
  const seen = mask === null || looked.includes('syn') ? 'syn' : '0';
  return given(values.some(value => `${value}` === seen));
};

const KEYS: { readonly [key: string]: ParseValues | undefined } = {
  dport: ports,
  'meta l4proto': protocol,
  'ip protocol': protocol,
  'ip6 nexthdr': protocol,
  'meta protocol': family,
  'meta nfproto': family,
  'meta iif': incomingInterface,
  'meta iifname': incomingInterface,
  'meta mark': mark,
  'meta mark &': mark,
  'ct mark': mark,
  'ct mark &': mark,
  'meta pkttype': oneOf('host', 'unicast'),
  'ip saddr': source,
  'ip6 saddr': source,
  'ip daddr': destination,
  'ip6 daddr': destination,
  'tcp flags': tcpFlags,
  'tcp flags &': tcpFlags,
  'ct state': values => ({ on: 'ct-state', states: values.map(value => `${value}`) }),
  'ct direction': oneOf('original', '0'),
  'ct protocol': protocol,
  'ct l3proto': family,
  'fib type daddr': oneOf('local'),
  'fib type saddr': oneOf('unicast'),
  // A route back to the sender exists, or no firewall would be to blame for the silence.
  'fib oif saddr': oneOf('true'),
};

/** Never so for the first packet from outside: nothing has translated, answered or sent it from here. */
const IMPOSSIBLE = new Set(['ct status', 'meta oif', 'meta oifname', 'exthdr', 'rt']);

function addressRange(value: Json): IpRange | null {
  if (typeof value === 'string') return parseAddresses(value);
  const prefix = field(value, 'prefix');
  if (prefix !== null) return parseAddresses(`${field(prefix, 'addr')}/${field(prefix, 'len')}`);
  const range = field(value, 'range');
  return Array.isArray(range) ? parseAddresses(range.join('-')) : null;
}

function portRange(value: Json): PortRange | null {
  if (typeof value === 'number') return { from: value, to: value };
  const range = field(value, 'range');
  if (!Array.isArray(range)) return null;
  const [from, to] = range;
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : null;
}

function compare(left: Json, operator: string, right: Json): Condition {
  if (keyOf(left)[0] !== 'dport' || typeof right !== 'number') return implying(left, UNKNOWN);
  const range: { [operator: string]: PortRange } = {
    '<': { from: 0, to: right - 1 },
    '<=': { from: 0, to: right },
    '>': { from: right + 1, to: 65_535 },
    '>=': { from: right, to: 65_535 },
  };
  return implying(left, { on: 'port', ranges: [range[operator]!] });
}

/** A rate, quota or connection limit is taken as not reached: `over` does not hold then. */
export const underLimit = (limit: Json): Ternary => field(limit, 'inv') !== true;
