import type { TransportAddress } from '../../src/model/transport.ts';
import type { Attribute } from '../../src/stun/attributes.ts';
import type { MethodName } from '../../src/stun/message.ts';

/** What the test server does wrong, and nothing by default. May be changed while it runs. */
export interface Faults {
  /** Requests of a method that stay unanswered from now on; `Infinity` for all (`{ binding: Infinity }` is no-stun). */
  drop?: { [M in MethodName]?: number };
  /** Requests of a method that are answered with this error code. */
  refuse?: { [M in MethodName]?: number };
  /** Authenticated requests that are answered with 438 from now on; `Infinity` for ever. */
  staleNonces?: number;
  /** Every Allocate is answered with 300 and this address. */
  alternateServer?: TransportAddress;
  /** What clients are told about their own address. */
  mappedAddress?: TransportAddress;
  /** What clients are told about the relayed address, from the real one. */
  relayedAddress?: (real: TransportAddress) => TransportAddress;
  /** Of success answers to authenticated requests. */
  integrity?: 'missing' | 'wrong';
  /** Whoever names a user is let in, whatever the password. */
  believesAnybody?: boolean;
  /** Time-limited credentials never expire. */
  ignoresTime?: boolean;
  /** In front of the other attributes of every challenge, so that they count. */
  challenge?: readonly Attribute[];
  /** Sent in place of every answer: garbage, or another protocol. */
  instead?: Uint8Array;
  /** UDP answers come from another port than the one asked. */
  answerFromOtherPort?: boolean;
  /** Before every answer. */
  delayMs?: number;
  /** Data that is lost in the relay, seen from the client. */
  dropData?: 'in' | 'out' | 'both';
  /** Data larger than this is lost, both ways. */
  mtuBytes?: number;
  /** Of the data to peers each so-many-th is lost. */
  loseEvery?: number;
  /** A repeated Allocate opens another port. */
  leakPorts?: boolean;
  /** Nonces of other 5-tuples are taken. */
  anyNonce?: boolean;
  /** Refresh with LIFETIME 0 is granted and ignored. */
  keepDeleted?: boolean;
}

/** Whether one of the counted events is left; counts it down. */
export function spend<K extends string>(budget: { [N in K]?: number } | undefined, name: K): boolean {
  const left = budget?.[name] ?? 0;
  if (!budget || left <= 0) return false;
  budget[name] = left - 1;
  return true;
}
