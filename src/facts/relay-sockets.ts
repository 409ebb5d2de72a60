import { listenerPlan, relayRange } from '../config/effective.ts';
import type { Settings } from '../config/settings.ts';
import type { Host } from '../host/host.ts';
import { readSockets } from '../host/sockets.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { SocketFact } from '../model/facts.ts';

/** Asks how many allocations a process has now. */
export async function countAllocations(
  host: Host,
  pid: number | null,
  settings: Settings,
): Promise<Fact<number>> {
  return allocationsAmong(await readSockets(host), pid, settings);
}

/** How many allocations a process has, by its relay sockets: UDP, or listening TCP (RFC 6062), in the relay range. */
export function allocationsAmong(
  sockets: Fact<readonly SocketFact[]>,
  pid: number | null,
  settings: Settings,
): Fact<number> {
  if (!sockets.known) return sockets;
  if (pid === null) return unknown('its process is not known');
  if (settings.isSet('multiplex-peer-port'))
    return unknown('multiplex-peer-port: allocations share a socket');
  const own = ownSockets(sockets.value, pid);
  if (!own.known) return own;
  const { min, max } = relayRange(settings);
  const listening = listeningPorts(settings);
  return known(own.value.filter(({ port }) => port >= min && port <= max && !listening.has(port)).length);
}

/** The sockets of one process, or why there are none to be seen. */
export function ownSockets(sockets: readonly SocketFact[], pid: number): Fact<readonly SocketFact[]> {
  const own = sockets.filter(socket => socket.pid === pid);
  if (own.length > 0) return known(own);
  return sockets.some(socket => socket.pid === null)
    ? unknown('only root sees whose sockets they are')
    : unknown('it has none in the network of this host: not yet, or in that of a container');
}

/** Ports that are no relay's, wherever the range is. */
export function listeningPorts(settings: Settings): ReadonlySet<number> {
  const { udp, tls, alternate, proxyPort } = listenerPlan(settings);
  const ports = [udp.port, tls.port, alternate?.port, alternate?.tlsPort, proxyPort];
  return new Set([...ports, 5766, 8080, 9641].filter(port => typeof port === 'number'));
}
