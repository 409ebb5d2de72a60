import type { Transport } from './transport.ts';

/** One URI to probe, from RFC 7064 (`stun:`, `stuns:`) or RFC 7065 (`turn:`, `turns:`). */
export interface ServerUri {
  readonly scheme: 'stun' | 'stuns' | 'turn' | 'turns';
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

/** Canonical text, always with port, and with `?transport=` for turn and turns: `turn:203.0.113.1:3478?transport=udp`. */
export function formatUri({ scheme, host, port, transport }: ServerUri): string {
  const authority = host.includes(':') ? `[${host}]` : host;
  const query =
    scheme === 'turn' || scheme === 'turns' ? `?transport=${transport === 'udp' ? 'udp' : 'tcp'}` : '';
  return `${scheme}:${authority}:${port}${query}`;
}
