import type { DnsObservation } from './observations/dns.ts';
import type { DiscoveryObservation } from './observations/dns-discovery.ts';
import type { NatObservation } from './observations/nat-behaviour.ts';
import type { IdentityObservation } from './observations/server-identity.ts';
import type { BindingObservation } from './observations/stun-binding.ts';
import type { ConformanceObservation } from './observations/stun-conformance.ts';
import type { PortsObservation } from './observations/stun-ports.ts';
import type { SeriesObservation } from './observations/stun-series.ts';
import type { TlsObservation } from './observations/tls-handshake.ts';
import type { TlsSurveyObservation } from './observations/tls-survey.ts';
import type { AllocateObservation } from './observations/turn-allocate.ts';
import type { AuthObservation } from './observations/turn-auth.ts';
import type { DataPathObservation } from './observations/turn-data-path.ts';
import type { PeerPolicyObservation } from './observations/turn-peer-policy.ts';
import type { TrialObservation } from './observations/turn-trial.ts';

/** What happened in one conversation on the wire. One file each in `observations/`. */
export type Observation =
  | DnsObservation
  | DiscoveryObservation
  | BindingObservation
  | SeriesObservation
  | ConformanceObservation
  | PortsObservation
  | NatObservation
  | TlsObservation
  | TlsSurveyObservation
  | AllocateObservation
  | AuthObservation
  | DataPathObservation
  | PeerPolicyObservation
  | IdentityObservation
  | TrialObservation;

export type ProbeName = Observation['probe'];

/** The observations of one probe, narrowed. */
export function observed<P extends ProbeName>(
  observations: readonly Observation[],
  probe: P,
): Extract<Observation, { probe: P }>[] {
  return observations.filter((o): o is Extract<Observation, { probe: P }> => o.probe === probe);
}
