import type { DiscoveryObservation } from '../../model/observations/dns-discovery.ts';

/** The records of a domain and where they lead. */
export function describeDiscovery(observation: DiscoveryObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { records, asked } = observation;
  if (records.length === 0) return [`no SRV or NAPTR records (${asked} names asked), which is no fault`];
  return records.flatMap(({ type, name, error, targets }) =>
    error === undefined
      ? targets.map(
          ({ host, port, priority, weight }) => `${name} ${type} ${priority} ${weight} ${port} ${host}`,
        )
      : [`${name} ${type}: ${error}`],
  );
}
