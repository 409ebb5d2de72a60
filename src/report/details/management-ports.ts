import type { ManagementPortsObservation } from '../../model/observations/management-ports.ts';

/** Which management ports are open from here. */
export function describeManagement(observation: ManagementPortsObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  return [
    'management ports',
    ...observation.ports.map(
      ({ port, purpose, state }) => `  ${`${port} ${purpose}`.padEnd(44)}${state.padStart(8)}`,
    ),
  ];
}
