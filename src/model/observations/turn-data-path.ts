import type { Failure, ObservationBase } from '../outcome.ts';
import type { TransportAddress } from '../transport.ts';

export type Leg =
  | { readonly outcome: 'passed'; readonly ms: number }
  | { readonly outcome: 'lost'; readonly waitedMs: number; readonly sent: number }
  | { readonly outcome: 'refused'; readonly code: number; readonly reason: string }
  | { readonly outcome: 'wrong-source'; readonly from: TransportAddress; readonly ms: number }
  | { readonly outcome: 'skipped'; readonly reason: string };

/**
 * The relay's data path, proved with one allocation and sockets of our own as the peers (RFC 8656 §11-12).
 * `complete` says that every leg was tried, not that it passed.
 */
export type DataPathObservation = ObservationBase<'turn-data-path'> &
  (
    | {
        readonly outcome: 'complete';
        readonly relayedAddress: TransportAddress;
        /** The peer socket as the relay is told about it. */
        readonly peerAddress: TransportAddress;
        readonly permission: Leg;
        /** Peer to relayed address, arriving as a Data indication. */
        readonly inbound: Leg;
        /** Send indication, arriving at the peer from XOR-RELAYED-ADDRESS (`wrong-source` when from elsewhere). */
        readonly outbound: Leg;
        readonly channelBind: Leg;
        readonly channelInbound: Leg;
        readonly channelOutbound: Leg;
        /** A peer without a permission sends to the relayed address; `lost` is the right outcome. */
        readonly unpermitted: Leg;
        /** Refresh with LIFETIME 0. */
        readonly deleted: Leg;
      }
    | Failure
  );
