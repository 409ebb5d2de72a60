import type { Family } from '../../model/transport.ts';
import { type PortRange, parsePort } from '../../util/port-range.ts';
import { fromSource, parseAddresses } from './condition.ts';
import { type Condition, given, type Ternary } from './ruleset.ts';

/** An option of iptables that restricts a rule: how many arguments it takes, and what it asks. */
interface Option {
  readonly takes: number;
  readonly parse: (family: Family, ...values: readonly string[]) => Condition;
}

const ALWAYS = given(true);
const UNKNOWN = given(null);

const fixed = (takes: number, holds: Ternary): Option => ({ takes, parse: () => given(holds) });

const protocols: { readonly [name: string]: string | undefined } = { 6: 'tcp', 17: 'udp' };

const protocol: Option = {
  takes: 1,
  parse: (_, name) =>
    name === 'all' || name === '0'
      ? ALWAYS
      : { on: 'protocol', names: [protocols[name!] ?? name!.toLowerCase()] },
};

const ports: Option = {
  takes: 1,
  parse: (_, list) => {
    const ranges = list!.split(',').map(parsePorts);
    return ranges.every(range => range !== null) ? { on: 'port', ranges } : UNKNOWN;
  },
};

/** `3478`, `49152:65535`, `:1023` or `1024:`. */
function parsePorts(text: string): PortRange | null {
  const [first = '', last = first] = text.split(':');
  const from = first === '' ? 0 : parsePort(first);
  const to = last === '' ? 65_535 : parsePort(last);
  return from === null || to === null ? null : { from, to };
}

const sourceOrDestinationPorts: Option = {
  takes: 1,
  parse: (family, list) => ({ on: 'any', of: [ports.parse(family, list!), UNKNOWN] }),
};

const source: Option = {
  takes: 1,
  parse: (_, text) => {
    const range = parseAddresses(text!);
    return range ? fromSource([range]) : UNKNOWN;
  },
};

const destination: Option = {
  takes: 1,
  parse: (_, text) => {
    const range = parseAddresses(text!);
    return range ? { on: 'destination', ranges: [range] } : UNKNOWN;
  },
};

const incomingInterface: Option = {
  takes: 1,
  parse: (_, name) => ({ on: 'interface', names: [name!.replace(/\+$/, '*')] }),
};

const states: Option = {
  takes: 1,
  parse: (_, list) => ({ on: 'ct-state', states: list!.toLowerCase().split(',') }),
};

/** The first packet of a connection has SYN and no other flag. */
const tcpFlags: Option = {
  takes: 2,
  parse: (_, mask, expected) => {
    const looksAtSyn = ['ALL', 'SYN'].some(flag => mask!.split(',').includes(flag));
    return given(expected === (looksAtSyn ? 'SYN' : 'NONE'));
  },
};

const mark: Option = {
  takes: 1,
  parse: (_, value) => ({ on: 'mark', zero: Number(value!.split('/')[0]) === 0 }),
};

/** Only these types of destination address are the server's own. */
const destinationType: Option = {
  takes: 1,
  parse: (_, list) => given(list!.split(',').some(type => type === 'LOCAL' || type === 'UNICAST')),
};

const sourceType: Option = { takes: 1, parse: (_, list) => given(list!.split(',').includes('UNICAST')) };

/** What iptables-extensions(8) describes, by option; one that is not here is taken as undecided. */
export const OPTIONS: { readonly [name: string]: Option | undefined } = {
  '-p': protocol,
  '-s': source,
  '-d': destination,
  '-i': incomingInterface,
  // An inbound packet has no outgoing interface yet.
  '-o': fixed(1, false),
  '-f': fixed(0, false),
  '--dport': ports,
  '--dports': ports,
  '--ports': sourceOrDestinationPorts,
  '--sport': { takes: 1, parse: (_, list) => (list === '0:65535' ? ALWAYS : UNKNOWN) },
  '--sports': fixed(1, null),
  '--ctstate': states,
  '--state': states,
  '--ctstatus': { takes: 1, parse: (_, list) => given(list === 'NONE') },
  '--ctdir': { takes: 1, parse: (_, direction) => given(direction === 'ORIGINAL') },
  '--tcp-flags': tcpFlags,
  '--syn': fixed(0, true),
  '--src-range': source,
  '--dst-range': destination,
  '--src-type': sourceType,
  '--dst-type': destinationType,
  '--limit-iface-in': fixed(0, true),
  '--pkt-type': { takes: 1, parse: (_, type) => given(type === 'unicast' || type === 'host') },
  '--mark': mark,
  '--comment': fixed(1, true),
  '--rt-type': fixed(1, false),
  '--rt-segsleft': fixed(1, false),
  '--icmp-type': fixed(1, false),
  '--icmpv6-type': fixed(1, false),
  // `rpfilter` without --invert holds for a packet whose way back is the way it came.
  '--invert': fixed(0, false),
  '--loose': fixed(0, true),
  '--validmark': fixed(0, true),
  // Rates, counts and lists of offenders: the limit is not reached, the sender is on no list yet.
  '--limit': fixed(1, true),
  '--limit-burst': fixed(1, true),
  '--hashlimit': fixed(1, true),
  '--hashlimit-upto': fixed(1, true),
  '--hashlimit-above': fixed(1, false),
  '--hashlimit-burst': fixed(1, true),
  '--hashlimit-mode': fixed(1, true),
  '--hashlimit-name': fixed(1, true),
  '--hashlimit-srcmask': fixed(1, true),
  '--hashlimit-dstmask': fixed(1, true),
  '--hashlimit-htable-size': fixed(1, true),
  '--hashlimit-htable-max': fixed(1, true),
  '--hashlimit-htable-expire': fixed(1, true),
  '--hashlimit-htable-gcinterval': fixed(1, true),
  '--connlimit-above': fixed(1, false),
  '--connlimit-upto': fixed(1, true),
  '--connlimit-mask': fixed(1, true),
  '--connlimit-saddr': fixed(0, true),
  '--connlimit-daddr': fixed(0, true),
  '--set': fixed(0, true),
  '--rcheck': fixed(0, false),
  '--update': fixed(0, false),
  '--remove': fixed(0, false),
  '--seconds': fixed(1, true),
  '--reap': fixed(0, true),
  '--hitcount': fixed(1, true),
  '--name': fixed(1, true),
  '--mask': fixed(1, true),
  '--rsource': fixed(0, true),
  '--rdest': fixed(0, true),
};

/** Modules whose every option is above; a rule with another one is undecided. */
export const MODULES: ReadonlySet<string> = new Set(
  (
    'tcp udp icmp icmp6 ipv6-icmp multiport conntrack state comment limit hashlimit connlimit recent addrtype ' +
    'iprange mark connmark pkttype rt rpfilter'
  ).split(' '),
);
