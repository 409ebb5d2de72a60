import type { Transport, TransportAddress } from './transport.ts';

/** Stages of a conversation in the order they happen; each in milliseconds of its own, not since the start. */
export type Stage =
  | 'dns'
  | 'connect'
  | 'tls'
  | 'binding'
  | 'challenge'
  | 'allocate'
  | 'permission'
  | 'dataIn'
  | 'dataOut'
  | 'channel'
  | 'delete'
  | 'trial';

export type StagesMs = { readonly [S in Stage]?: number };

/** Ways in which a conversation can end without the answer asked for. They are never folded into one another. */
export type Failure =
  /** Nothing came back. Several requests were sent, so loss of one packet is not this. */
  | { readonly outcome: 'no-response'; readonly requestsSent: number; readonly waitedMs: number }
  /** ICMP port unreachable, or a TCP reset to our SYN: the host is there, nobody listens. */
  | { readonly outcome: 'refused'; readonly error: string }
  /** ICMP host or network unreachable, no route, no address of that family here. */
  | { readonly outcome: 'unreachable'; readonly error: string }
  /** The server answered with an error response (RFC 8489 §14.8). coturn >= 4.10 sends an empty reason phrase. */
  | { readonly outcome: 'error-response'; readonly code: number; readonly reason: string }
  /** Bytes that are no valid answer: HTTP, garbage, a wrong transaction id, a failed integrity check, another source. */
  | { readonly outcome: 'invalid-response'; readonly problem: string }
  /** The TLS handshake failed or the connection was closed in it. */
  | { readonly outcome: 'tls-failed'; readonly error: string }
  /** The connection was closed by the other side before an answer. */
  | { readonly outcome: 'closed'; readonly error: string }
  /** The name did not resolve. */
  | { readonly outcome: 'unresolved'; readonly error: string }
  /** Not tried, and why: no credentials, an earlier stage failed, time ran out. */
  | { readonly outcome: 'skipped'; readonly reason: string };

export interface ObservationBase<P extends string> {
  readonly probe: P;
  /** The URI this conversation belongs to (RFC 7064, RFC 7065), always with an explicit port and, for turn, transport. */
  readonly uri: string;
  readonly transport: Transport;
  /** The address it went to; absent when the name did not resolve. */
  readonly server?: TransportAddress;
  readonly stagesMs: StagesMs;
}
