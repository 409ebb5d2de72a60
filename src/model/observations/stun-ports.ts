import type { Failure, ObservationBase } from '../outcome.ts';
import type { Transport } from '../transport.ts';

/**
 * Binding over every transport on every port of one address: coturn takes each of them on each of its ports. Where not one
 * answers it is a failure, that of the port asked about.
 */
export type PortsObservation = ObservationBase<'stun-ports'> &
  (
    | {
        readonly outcome: 'complete';
        readonly ports: readonly {
          readonly port: number;
          readonly transport: Transport;
          /** `answered`, also by an error response; or how it failed. */
          readonly result: 'answered' | Failure['outcome'];
        }[];
      }
    | Failure
  );
