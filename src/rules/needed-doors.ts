import { type ListenerPlan, listenerPlan, relayRange } from '../config/effective.ts';
import type { Settings } from '../config/settings.ts';
import type { InterfaceAddress, SocketFact } from '../model/facts.ts';
import type { Door, DoorUse, NeededDoor } from '../model/firewall.ts';
import type { Family } from '../model/transport.ts';
import { classifyIp, parseIp } from '../util/ip.ts';
import { parsePort, portCount } from '../util/port-range.ts';
import { hostAddresses, relayAddresses } from './relay-addresses.ts';

const FAMILIES = ['ipv4', 'ipv6'] as const;

/** Families in which clients can reach the listeners; loopback listeners need no firewall. */
export function familiesServed(
  { ips }: Pick<ListenerPlan, 'ips'>,
  addresses: readonly InterfaceAddress[] | undefined,
): readonly Family[] {
  const own = addresses === undefined ? [] : hostAddresses(addresses);
  const wanted = ips.flatMap(text => parseIp(text) ?? []);
  const bound = wanted.length > 0 ? wanted : [parseIp('0.0.0.0')!, ...own];
  return FAMILIES.filter(family => bound.some(ip => ip.family === family && classifyIp(ip) !== 'loopback'));
}

/** Families in which coturn relays; IPv4 where its addresses are not known. */
export function familiesRelayed(
  settings: Settings,
  addresses: readonly InterfaceAddress[] | undefined,
): readonly Family[] {
  const relayed = relayAddresses(settings, addresses)?.ips ?? [];
  return FAMILIES.filter(
    family => relayed.some(ip => ip.family === family) || (relayed.length === 0 && family === 'ipv4'),
  );
}

interface Circumstances {
  readonly addresses: readonly InterfaceAddress[] | undefined;
  /** Of the running server: whether it has opened its alternate ports. */
  readonly sockets: readonly SocketFact[] | undefined;
  /** Peers connect to the relay over TCP (RFC 6062), which no browser asks for and no configuration tells. */
  readonly tcpRelay: boolean;
}

/**
 * What must come in from outside: listeners, and the relay range for peers. The web administration, Prometheus, the
 * command line and the port for a PROXY-protocol balancer are never among them.
 */
export function neededDoors(settings: Settings, circumstances: Circumstances): NeededDoor[] {
  const { addresses, tcpRelay } = circumstances;
  const plan = listenerPlan(settings);
  const served = familiesServed(plan, addresses);
  const relayed = familiesRelayed(settings, addresses);
  const { min, max } = relayRange(settings);
  const relay = { from: min, to: max, families: relayed, option: 'min-port' };
  const doors: readonly (NeededDoor | false)[] = [
    plan.udp.on && listener('udp', 'udp', plan.udp.port, 'listening-port'),
    plan.tcp.on && listener('tcp', 'tcp', plan.tcp.port, 'listening-port'),
    plan.tls.on && listener('tls', 'tcp', plan.tls.port, 'tls-listening-port'),
    plan.dtls.on && listener('dtls', 'udp', plan.dtls.port, 'tls-listening-port'),
    ...alternateDoors(plan, circumstances),
    ...settings.list('aux-server').flatMap(text => auxiliaryDoors(text, plan)),
    !settings.flag('no-udp-relay') && { use: 'relay', protocol: 'udp', ...relay },
    tcpRelay && !settings.flag('no-tcp-relay') && { use: 'tcp-relay', protocol: 'tcp', ...relay },
  ];
  // Port 0 is one the kernel chooses, and an inverted range is another rule's matter.
  return distinct(
    doors.filter(door => door !== false && door.from !== 0 && portCount(door) > 0) as NeededDoor[],
  );

  function listener(use: DoorUse, protocol: Door['protocol'], port: number, option: string): NeededDoor {
    return { use, protocol, from: port, to: port, families: served, option };
  }
}

/** RFC 5780 takes two addresses of one family; whether coturn found them, its own sockets tell best. */
function alternateDoors(plan: ListenerPlan, { addresses, sockets }: Circumstances): NeededDoor[] {
  const { alternate, udp, tcp } = plan;
  if (alternate === null) return [];
  const { port } = alternate;
  const opened = sockets?.filter(it => it.port === port && /turnserver/.test(it.program ?? ''));
  const running = sockets?.some(it => it.port === udp.port && /turnserver/.test(it.program ?? ''));
  const families = running
    ? FAMILIES.filter(family => opened!.some(({ ip }) => isReachable(ip, family)))
    : FAMILIES.filter(family => familiesOfTwo(plan, addresses).includes(family));
  const door = { use: 'alternate', from: port, to: port, families, option: 'alt-listening-port' } as const;
  return families.length === 0
    ? []
    : [
        ...(udp.on ? [{ ...door, protocol: 'udp' as const }] : []),
        ...(tcp.on && (!running || opened!.some(it => it.protocol === 'tcp'))
          ? [{ ...door, protocol: 'tcp' as const }]
          : []),
      ];
}

const isReachable = (text: string, family: Family): boolean => {
  const ip = parseIp(text);
  return ip !== null && ip.family === family && classifyIp(ip) !== 'loopback';
};

function familiesOfTwo(
  { ips }: ListenerPlan,
  addresses: readonly InterfaceAddress[] | undefined,
): readonly Family[] {
  const bound = ips.length > 0 ? ips.flatMap(text => parseIp(text) ?? []) : hostAddresses(addresses ?? []);
  return FAMILIES.filter(family => bound.filter(ip => ip.family === family).length > 1);
}

/** `aux-server=203.0.113.10:80` or `[2001:db8::10]:80`: one more port for UDP and TCP. */
function auxiliaryDoors(text: string, { udp, tcp }: ListenerPlan): NeededDoor[] {
  const [, address = '', number = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(text.trim()) ?? [];
  const ip = parseIp(address);
  const port = parsePort(number);
  if (ip === null || port === null || classifyIp(ip) === 'loopback') return [];
  const door = {
    use: 'auxiliary',
    from: port,
    to: port,
    families: [ip.family],
    option: 'aux-server',
  } as const;
  return [
    ...(udp.on ? [{ ...door, protocol: 'udp' as const }] : []),
    ...(tcp.on ? [{ ...door, protocol: 'tcp' as const }] : []),
  ];
}

/** The same ports are named once, by their first use, in all families that need them. */
function distinct(doors: readonly NeededDoor[]): NeededDoor[] {
  const byPorts = new Map<string, NeededDoor>();
  for (const door of doors) {
    const key = `${door.protocol} ${door.from} ${door.to}`;
    const known = byPorts.get(key);
    const families = FAMILIES.filter(it => known?.families.includes(it) || door.families.includes(it));
    if (families.length > 0) byPorts.set(key, { ...(known ?? door), families });
  }
  return [...byPorts.values()];
}
