import type { Transport } from './transport.ts';

/** A place in the bytes that is not as the RFCs want it. */
export interface Defect {
  /** In bytes from the start of the message. */
  readonly offset: number;
  readonly text: string;
}

/** One attribute of a STUN message, as a person reads it. */
export interface ExplainedAttribute {
  readonly offset: number;
  /** As RFC 8489 and its like call it; the number in hex where it has no name here. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly value: string;
}

/** One message in words. Integrity values and payload are never in it. */
export type ExplainedMessage = { readonly sizeBytes: number; readonly defects: readonly Defect[] } & (
  | {
      readonly kind: 'stun';
      readonly method: string;
      readonly class: 'request' | 'indication' | 'success' | 'error';
      /** Hex. */
      readonly transactionId: string;
      readonly attributes: readonly ExplainedAttribute[];
      readonly fingerprint: 'right' | 'wrong' | 'absent';
      /** `present`: there was no key to hold it against. */
      readonly integrity: 'verified' | 'wrong' | 'present' | 'absent';
      /** What an error code usually means when coturn sends it. */
      readonly meaning?: string;
    }
  | { readonly kind: 'channel-data'; readonly channel: number; readonly dataBytes: number }
  /** Bytes that are neither. */
  | { readonly kind: 'other'; readonly what: string }
);

/** A message, where and when it passed. */
export interface TranscriptEntry {
  /** Since the first. Absent where nothing tells the time. */
  readonly atMs?: number;
  /** Absent for bytes that did not come with addresses. */
  readonly transport?: Transport;
  /** `203.0.113.9:3478` */
  readonly from?: string;
  readonly to?: string;
  /** As seen by turnctl; absent for somebody else's packets. */
  readonly direction?: 'out' | 'in';
  /** Whether it passed at the socket that plays the peer. */
  readonly atPeer?: true;
  /** The message; or what happened instead of one, in words. */
  readonly message: ExplainedMessage | { readonly kind: 'note'; readonly text: string };
}
