import type { ManagementPortsObservation } from '../model/observations/management-ports.ts';
import { baseOf, type Probe, remainingMs } from './conversation.ts';

/** coturn's own ports beside the listeners; each is a flag away from being open to everybody. */
const PORTS: readonly (readonly [port: number, purpose: string])[] = [
  [5766, 'command line (cli-port)'],
  [8080, 'web administration (web-admin-port)'],
  [9641, 'Prometheus statistics (prometheus-port)'],
];

const PATIENCE_MS = 1500;

/** Tries to connect to the management ports; nothing is sent over a connection. */
export const probeManagement: Probe<ManagementPortsObservation> = async (to, context) => {
  const { net, signal } = context;
  const timeoutMs = Math.min(PATIENCE_MS, remainingMs(context));
  const ports = await Promise.all(
    PORTS.map(async ([port, purpose]) => {
      const server = { ip: to.server.ip, port };
      const opening = await net.open({ transport: 'tcp', server, name: to.uri.host, timeoutMs, signal });
      if ('channel' in opening) {
        opening.channel.close();
        return { port, purpose, state: 'open' as const };
      }
      const silent = opening.failure.outcome === 'no-response';
      return { port, purpose, state: silent ? ('silent' as const) : ('closed' as const) };
    }),
  );
  return { probe: 'management-ports', ...baseOf(to), stagesMs: {}, outcome: 'complete', ports };
};
