import type { Failure, ObservationBase } from '../outcome.ts';

/** Which peer addresses the relay agrees to: CreatePermission only, no payload is ever sent. */
export type PeerPolicyObservation = ObservationBase<'turn-peer-policy'> &
  (
    | {
        readonly outcome: 'complete';
        readonly peers: readonly {
          readonly ip: string;
          /** What the address stands for: `loopback`, `private`, `shared`, `link-local`, `metadata`, `multicast`, `public`. */
          readonly kind: string;
          /** `allowed`, or the error code of the answer (403), or null when nothing came back. */
          readonly answer: 'allowed' | number | null;
        }[];
      }
    | Failure
  );
