import type { Failure, ObservationBase } from '../outcome.ts';
import type { TransportAddress } from '../transport.ts';

/** RFC 4787 §4.1 and §5: on what a mapping, or what is let in, depends. */
export type NatDependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/** What was found out, or why it could not be. */
export type NatVerdict =
  | { readonly kind: NatDependence }
  | { readonly kind: 'inconclusive'; readonly reason: string };

/** For how long a mapping lives without traffic, in seconds. */
export type BindingLifetime =
  | {
      readonly kind: 'measured';
      /** By an answer to another port of ours (RESPONSE-PORT, RFC 5780 §4.6), or by a packet of another socket through the NAT. */
      readonly method: 'response-port' | 'hairpin';
      /** The longest wait after which it was alive; 0 when it was never. */
      readonly aliveAfterSeconds: number;
      /** The shortest after which it was gone; absent when it outlived every wait. */
      readonly goneAfterSeconds?: number;
    }
  | { readonly kind: 'not-measured'; readonly reason: string };

/** How the NAT between here and the server behaves (RFC 5780). */
export type NatObservation = ObservationBase<'nat-behaviour'> &
  (
    | {
        readonly outcome: 'complete';
        readonly localAddress: TransportAddress;
        readonly mappedAddress: TransportAddress;
        /** OTHER-ADDRESS: a second address and port of the server. */
        readonly otherAddress?: TransportAddress;
        readonly mapping: NatVerdict;
        readonly filtering: NatVerdict;
        /** Whether a socket here reaches another one here by its mapped address. */
        readonly hairpinning: 'works' | 'not-seen' | 'no-nat';
        readonly lifetime: BindingLifetime;
      }
    | Failure
  );
