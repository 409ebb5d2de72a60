import type { PortsObservation } from '../../model/observations/stun-ports.ts';

/** Which transports answer on which port. */
export function describePorts(observation: PortsObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { ports } = observation;
  const numbers = [...new Set(ports.map(({ port }) => port))];
  return numbers.map(port => {
    const results = ports.filter(other => other.port === port);
    return `port ${port}: ${results.map(({ transport, result }) => `${transport} ${result}`).join(', ')}`;
  });
}
