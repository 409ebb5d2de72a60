import type { PortsObservation } from '../../model/observations/stun-ports.ts';

/** Which transports answer on which port. */
export function describePorts({ ports }: PortsObservation): readonly string[] {
  const numbers = [...new Set(ports.map(({ port }) => port))];
  return numbers.map(port => {
    const results = ports.filter(other => other.port === port);
    return `port ${port}: ${results.map(({ transport, result }) => `${transport} ${result}`).join(', ')}`;
  });
}
