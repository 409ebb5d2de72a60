import type { Failure, ObservationBase } from '../outcome.ts';

/** What the name of a URI resolves to. */
export type DnsObservation = ObservationBase<'dns'> &
  ({ readonly outcome: 'resolved'; readonly ips: readonly string[] } | Failure);
