import type { Transport, TransportAddress } from './transport.ts';

/** A socket of ours whose bytes were recorded. */
export interface RecordedConnection {
  readonly transport: Transport;
  /** `peer`: the unconnected UDP socket that plays the peer behind the relay. */
  readonly role: 'client' | 'peer';
  readonly local: TransportAddress;
  /** Absent for a peer, whose every datagram has another end. */
  readonly remote?: TransportAddress;
}

/** What happened on it. Bytes are one datagram, or one piece of a stream; of TLS they are the plaintext. */
export type RecordedEvent = {
  /** Index into the connections. */
  readonly connection: number;
  /** Since the start of the recording, by a clock that never jumps. */
  readonly atMs: number;
} & (
  | { readonly kind: 'opened' | 'closed' }
  | {
      readonly kind: 'out' | 'in';
      readonly bytes: Uint8Array;
      /** The other end of one datagram of a peer. */
      readonly other?: TransportAddress;
    }
  | { readonly kind: 'failed'; readonly text: string }
);

/** Everything that passed, in order, as far as it fits into the memory set aside for it. */
export interface Recording {
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly connections: readonly RecordedConnection[];
  readonly events: readonly RecordedEvent[];
  /** Datagrams and pieces that were not kept. */
  readonly leftOut: number;
}
