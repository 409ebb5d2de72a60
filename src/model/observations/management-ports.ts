import type { Failure, ObservationBase } from '../outcome.ts';

/** TCP ports of coturn's administration and statistics, as reached from here. */
export type ManagementPortsObservation = ObservationBase<'management-ports'> &
  (
    | {
        readonly outcome: 'complete';
        readonly ports: readonly {
          readonly port: number;
          readonly purpose: string;
          readonly state: 'open' | 'closed' | 'silent';
        }[];
      }
    | Failure
  );
