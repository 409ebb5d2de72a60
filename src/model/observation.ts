import type { ChallengeLimitObservation } from './observations/challenge-limit.ts';
import type { DnsObservation } from './observations/dns.ts';
import type { DiscoveryObservation } from './observations/dns-discovery.ts';
import type { LoadAllocationsObservation, LoadRelayObservation } from './observations/load.ts';
import type { MalformedRequestsObservation } from './observations/malformed-requests.ts';
import type { ManagementPortsObservation } from './observations/management-ports.ts';
import type { NatObservation } from './observations/nat-behaviour.ts';
import type { PeerReachObservation } from './observations/peer-reach.ts';
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
import type { UnauthenticatedAnswersObservation } from './observations/unauthenticated-answers.ts';

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
  | TrialObservation
  | ChallengeLimitObservation
  | LoadAllocationsObservation
  | LoadRelayObservation
  | MalformedRequestsObservation
  | ManagementPortsObservation
  | PeerReachObservation
  | UnauthenticatedAnswersObservation;

export type ProbeName = Observation['probe'];

/** The observations of one probe, narrowed. */
export function observed<P extends ProbeName>(
  observations: readonly Observation[],
  probe: P,
): Extract<Observation, { probe: P }>[] {
  return observations.filter((o): o is Extract<Observation, { probe: P }> => o.probe === probe);
}
