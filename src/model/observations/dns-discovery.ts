import type { Failure, ObservationBase } from '../outcome.ts';

/** One name asked for, and what it has. */
export interface DiscoveredRecord {
  readonly type: 'SRV' | 'NAPTR';
  /** `_turn._udp.example.org`; for NAPTR the domain. */
  readonly name: string;
  /** Absent when there is no such record, which is nobody's fault. */
  readonly error?: string;
  /** Where it leads, best first, and the URI that stands for it: it is probed like the others. */
  readonly targets: readonly {
    readonly host: string;
    readonly port: number;
    readonly priority: number;
    readonly weight: number;
    readonly uri: string;
  }[];
}

/** SRV and NAPTR records of a domain (RFC 5928, RFC 8489 §8). Only names that have records, or failed, are listed. */
export type DiscoveryObservation = ObservationBase<'dns-discovery'> &
  (
    | {
        readonly outcome: 'complete';
        readonly domain: string;
        /** How many names were asked for. */
        readonly asked: number;
        readonly records: readonly DiscoveredRecord[];
      }
    | Failure
  );
