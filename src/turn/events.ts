import type { TransportAddress } from '../model/transport.ts';
import type { ErrorCode } from '../stun/codec.ts';
import type { Method, StunMessage } from '../stun/message.ts';

/** How one request went, retries after 401 and 438 included. */
export interface Ending {
  /** The number `request` gave it. */
  readonly request: number;
  readonly method: Method;
  /** In all; one for each try when nothing is lost. */
  readonly requestsSent: number;
  /** From the first send of the last try. */
  readonly elapsedMs: number;
  /** Error codes that were met and answered on the way: 401, 438. */
  readonly met: readonly number[];
}

/** A response of the server to one try of a request. */
export interface Answer extends Ending {
  readonly response: StunMessage;
  /** Of the answer, with our key; `missing` also while there is no key. */
  readonly integrity: 'verified' | 'missing' | 'wrong';
}

/** What happened on a 5-tuple. */
export type AllocationEvent =
  /** 401 or 438, answered with credentials. Another event with the same `request` follows. */
  | ({ readonly kind: 'challenged'; readonly error: ErrorCode } & Answer)
  | ({ readonly kind: 'succeeded' } & Answer)
  /** `why`: where authentication ended, in words. ALTERNATE-SERVER of a 300 is in `response`. */
  | ({ readonly kind: 'failed'; readonly error: ErrorCode; readonly why?: string } & Answer)
  | ({ readonly kind: 'timed-out'; readonly rejected: readonly string[] } & Ending)
  | {
      readonly kind: 'data';
      readonly peer: TransportAddress;
      readonly data: Uint8Array;
      /** Absent when it came in a Data indication. */
      readonly channel?: number;
    }
  /** Raw bytes of the peer, after ConnectionBind on this connection. */
  | { readonly kind: 'stream-data'; readonly data: Uint8Array }
  /** The relay met an ICMP error on the way to the peer (RFC 8656 §11.5). */
  | {
      readonly kind: 'icmp';
      readonly peer: TransportAddress;
      readonly type: number;
      readonly code: number;
    }
  | { readonly kind: 'connection-attempt'; readonly connectionId: number; readonly peer: TransportAddress }
  /** Bytes that belong to nothing, and why. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** The stream is not STUN (any more): no answer can come on it. */
  | { readonly kind: 'broken'; readonly problem: string };
