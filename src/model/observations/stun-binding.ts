import type { Failure, ObservationBase } from '../outcome.ts';
import type { TransportAddress } from '../transport.ts';

/** RFC 8489 Binding, without credentials. */
export type BindingObservation = ObservationBase<'stun-binding'> &
  (
    | {
        readonly outcome: 'answered';
        /** Our own transport address as the server sees it. */
        readonly mappedAddress: TransportAddress;
        /** MAPPED-ADDRESS, where the server sends it too; differs when a middlebox rewrites addresses. */
        readonly plainMappedAddress?: TransportAddress;
        readonly localAddress: TransportAddress;
        readonly requestsSent: number;
        readonly rttMs: number;
        readonly software?: string;
        readonly responseOrigin?: TransportAddress;
        readonly otherAddress?: TransportAddress;
      }
    | Failure
  );
