import type { Signal } from '../client/call.ts';
import type { TurnCredentials } from '../client/credential-cache.ts';

/** What a client in a page has of the world: credentials, the signalling, and what is to be sent over the call. */
export interface PageSide {
  /** Whether it calls; the other one answers. */
  readonly calls: boolean;
  readonly credentials: TurnCredentials;
  send(signal: Signal): void;
  /** Names the one receiver; what came before is delivered to it. */
  receive(receiver: (signal: Signal) => void): void;
  /** Puts the data channel on a new connection, before anything is negotiated. */
  attach(peer: RTCPeerConnection): void;
}
