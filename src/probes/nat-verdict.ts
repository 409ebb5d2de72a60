import type { NatVerdict } from '../model/observations/nat-behaviour.ts';
import { formatAddress, type TransportAddress } from '../model/transport.ts';

/** Mapped addresses of one socket, by whom it asked; null where nothing, or no mapped address, came back. */
export interface MappingTests {
  readonly primary: TransportAddress;
  /** The server's other address, at its first port. */
  readonly otherIp: TransportAddress | null;
  /** The server's other address and port. */
  readonly other: TransportAddress | null;
}

/** What a request to answer from elsewhere came to: an answer from there, from the address asked, an error code, or nothing. */
export type Changed = 'from-there' | 'from-asked' | number | 'silent';

export interface FilteringTests {
  /** From a socket that has talked to the server's first address and port alone. */
  readonly changeBoth: Changed;
  readonly changePort: Changed;
  /** The same, answered to a socket that had talked to the address the answer comes from: no NAT holds that back. */
  readonly provenBoth: boolean;
  readonly provenPort: boolean;
}

const inconclusive = (reason: string): NatVerdict => ({ kind: 'inconclusive', reason });

const same = (a: TransportAddress, b: TransportAddress): boolean => a.ip === b.ip && a.port === b.port;

/** RFC 5780 §4.3. Silence of the other address proves nothing about the NAT: a packet sent there first opens it. */
export function mappingOf(
  tests: MappingTests,
  server: { otherIp: TransportAddress; other: TransportAddress },
): NatVerdict {
  const { primary, otherIp, other } = tests;
  if (otherIp === null) {
    return inconclusive(`the server does not answer on its other address, ${formatAddress(server.otherIp)}`);
  }
  if (same(primary, otherIp)) return { kind: 'endpoint-independent' };
  if (other === null) {
    return inconclusive(`the server does not answer on its other port, ${formatAddress(server.other)}`);
  }
  return { kind: same(otherIp, other) ? 'address-dependent' : 'address-and-port-dependent' };
}

/**
 * RFC 5780 §4.4, with a proof in front: that nothing comes from the server's other address is the NAT's doing only where
 * the server was seen to send from there.
 */
export function filteringOf({ changeBoth, changePort, provenBoth, provenPort }: FilteringTests): NatVerdict {
  if (changeBoth === 'from-there') return { kind: 'endpoint-independent' };
  const refused = [changeBoth, changePort].find(changed => typeof changed === 'number');
  if (refused === 420) return inconclusive('the server does not support CHANGE-REQUEST (420)');
  if (refused !== undefined) return inconclusive(`the server answers CHANGE-REQUEST with ${refused}`);
  if (changeBoth === 'from-asked' || changePort === 'from-asked') {
    return inconclusive('the server ignores CHANGE-REQUEST: it answers from the address that was asked');
  }
  if (!provenBoth) return inconclusive(UNPROVEN);
  if (changePort === 'from-there') return { kind: 'address-dependent' };
  return provenPort ? { kind: 'address-and-port-dependent' } : inconclusive(UNPROVEN);
}

const UNPROVEN =
  'nothing came from its other address, not even to a socket that had opened the NAT for it: the server cannot answer from there, or something drops it';
