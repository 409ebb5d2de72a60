import type { Method } from './message.ts';

interface ErrorCodeEntry {
  readonly code: number;
  readonly name: string;
  /** Where it is defined. */
  readonly source: string;
  /** What it usually means when coturn sends it; by method where that decides. */
  readonly usualCause: string;
  readonly usualCauseOf?: { readonly [M in Method]?: string };
}

/** RFC words with coturn's habits. Map by code: coturn's reason phrase is empty from 4.11 on. */
export const errorCodes: readonly ErrorCodeEntry[] = [
  {
    code: 300,
    name: 'Try Alternate',
    source: 'RFC 8489 §14.8',
    usualCause: 'alternate-server is set: the client is sent to another server',
  },
  {
    code: 400,
    name: 'Bad Request',
    source: 'RFC 8489 §14.8',
    usualCause: 'the request is malformed, or the mode of the server does not allow it',
    usualCauseOf: {
      allocate: 'REQUESTED-TRANSPORT is missing, or EVEN-PORT was asked of a server with multiplex-peer',
      channelBind: 'the channel number is out of range, or it is bound to another peer',
    },
  },
  {
    code: 401,
    name: 'Unauthenticated',
    source: 'RFC 8489 §14.8',
    usualCause:
      'the normal challenge; after credentials: wrong password or secret, expired time, another realm or mechanism',
    usualCauseOf: { binding: 'secure-stun is on: Binding needs credentials' },
  },
  {
    code: 403,
    name: 'Forbidden',
    source: 'RFC 8656 §19',
    usualCause: 'the peer address is denied: loopback, denied-peer-ip, or link-local from coturn 4.13.1 on',
    usualCauseOf: { allocate: 'the server is draining and takes no new allocations' },
  },
  {
    code: 405,
    name: 'Mobility Forbidden',
    source: 'RFC 8016 §3.2',
    usualCause: 'mobility is not switched on',
  },
  {
    code: 420,
    name: 'Unknown Attribute',
    source: 'RFC 8489 §14.8',
    usualCause:
      'an attribute the server does not know or has switched off: CHANGE-REQUEST without RFC 5780, DONT-FRAGMENT',
  },
  {
    code: 437,
    name: 'Allocation Mismatch',
    source: 'RFC 8656 §19',
    usualCause:
      'the allocation is gone: expired, server restarted, another instance, or the NAT gave a new port',
    usualCauseOf: {
      allocate: 'the 5-tuple is in use: a source port used again before its allocation was deleted',
    },
  },
  {
    code: 438,
    name: 'Stale Nonce',
    source: 'RFC 8489 §14.8',
    usualCause:
      'the nonce is old; at the first authenticated request: it came from another instance, or the 5-tuple changed',
  },
  {
    code: 440,
    name: 'Address Family not Supported',
    source: 'RFC 8656 §19',
    usualCause: 'the relay has no address of that family',
  },
  {
    code: 441,
    name: 'Wrong Credentials',
    source: 'RFC 8656 §19',
    usualCause: 'the allocation belongs to another user',
  },
  {
    code: 442,
    name: 'Unsupported Transport Protocol',
    source: 'RFC 8656 §19',
    usualCause: 'relaying over that transport is off: no-udp-relay or no-tcp-relay',
  },
  {
    code: 443,
    name: 'Peer Address Family Mismatch',
    source: 'RFC 8656 §19',
    usualCause: 'the peer is of another family than the relayed address',
  },
  {
    code: 446,
    name: 'Connection Already Exists',
    source: 'RFC 6062 §6.3',
    usualCause: 'the relay has a connection to that peer already',
  },
  {
    code: 447,
    name: 'Connection Timeout or Failure',
    source: 'RFC 6062 §6.3',
    usualCause: 'the relay cannot reach the peer over TCP',
  },
  {
    code: 486,
    name: 'Allocation Quota Reached',
    source: 'RFC 8656 §19',
    usualCause: 'user-quota, total-quota or the bandwidth is used up',
  },
  {
    code: 487,
    name: 'Role Conflict',
    source: 'RFC 8445 §7.3.1.1',
    usualCause: 'both ICE agents took the same role; between peers, never from a TURN server',
  },
  {
    code: 500,
    name: 'Server Error',
    source: 'RFC 8489 §14.8',
    usualCause: 'the server failed inside (cryptography, database, allocation): its log says which',
  },
  {
    code: 508,
    name: 'Insufficient Capacity',
    source: 'RFC 8656 §19',
    usualCause: 'no free port between min-port and max-port, or no relay address of that family',
  },
];

const byCode = new Map(errorCodes.map(entry => [entry.code, entry]));

/** `401 (Unauthenticated)`, or the number alone when it has no name. */
export function describeErrorCode(code: number): string {
  const entry = byCode.get(code);
  return entry ? `${code} (${entry.name})` : `${code}`;
}

/** What the code usually means on that method from coturn; undefined for a code without an entry. */
export function usualCause(code: number, method: Method): string | undefined {
  const entry = byCode.get(code);
  return entry?.usualCauseOf?.[method] ?? entry?.usualCause;
}
