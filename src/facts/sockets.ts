import type { Host } from '../host/host.ts';
import { readSockets } from '../host/sockets.ts';
import { type Fact, known } from '../model/fact.ts';
import type { SocketFact } from '../model/facts.ts';
import type { Survey } from './survey.ts';

/** Listening sockets of every program; to others than root without their owners. */
export async function gatherSockets(
  host: Host,
  { processes }: Pick<Survey, 'processes'>,
): Promise<Fact<readonly SocketFact[]>> {
  const sockets = await readSockets(host);
  if (!sockets.known || !processes.known) return sockets;
  // Started through a loader, coturn has the loader's name.
  const coturn = new Set(processes.value.map(({ pid }) => pid));
  return known(
    sockets.value.map(socket =>
      socket.pid !== null && coturn.has(socket.pid) ? { ...socket, program: 'turnserver' } : socket,
    ),
  );
}
