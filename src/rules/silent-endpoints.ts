import type { WireFact } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';

/** Conversations of one transport protocol with one transport address; TLS is TCP to a firewall. */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
  /** `alive`: anything came back, a refusal or garbage included. `barred`: a router or a firewall said no. */
  readonly state: 'alive' | 'silent' | 'barred';
  readonly observations: readonly [Observation, ...Observation[]];
}

/** What the wire shows of each address and port; those not tried are left out. */
export function endpointsOf(wire: WireFact): Endpoint[] {
  const tried = wire.observations.filter(
    ({ outcome, server, probe }) =>
      server !== undefined && !['skipped', 'unresolved'].includes(outcome) && probe !== 'dns',
  );
  const groups = new Map<string, [Observation, ...Observation[]]>();
  for (const observation of tried) {
    const key = `${observation.server!.ip} ${observation.server!.port} ${protocolOf(observation)}`;
    const group = groups.get(key);
    if (group) group.push(observation);
    else groups.set(key, [observation]);
  }
  return [...groups.values()].map(observations => ({
    ...observations[0].server!,
    protocol: protocolOf(observations[0]),
    state: stateOf(observations),
    observations,
  }));
}

const protocolOf = ({ transport }: Observation): 'udp' | 'tcp' => (transport === 'udp' ? 'udp' : 'tcp');

function stateOf(observations: readonly Observation[]): Endpoint['state'] {
  if (observations.every(({ outcome }) => outcome === 'no-response')) return 'silent';
  const quiet = observations.every(({ outcome }) => outcome === 'no-response' || outcome === 'unreachable');
  return quiet ? 'barred' : 'alive';
}
