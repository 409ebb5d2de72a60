import type { Failure, ObservationBase } from '../outcome.ts';
import type { Transport } from '../transport.ts';

/** Binding over every transport on every port of one address: coturn takes each of them on each of its ports. */
export type PortsObservation = ObservationBase<'stun-ports'> & {
  readonly outcome: 'complete';
  readonly ports: readonly {
    readonly port: number;
    readonly transport: Transport;
    /** `answered`, or how it failed; an error response is an answer too. */
    readonly result: 'answered' | Failure['outcome'];
  }[];
};
