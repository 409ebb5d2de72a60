/** An IP address in its canonical text form, and a port. RFC 8489 §3 "transport address". */
export interface TransportAddress {
  readonly ip: string;
  readonly port: number;
}

/** How a client reaches the server. Relaying to peers is a separate matter (RFC 8656 REQUESTED-TRANSPORT). */
export type Transport = 'udp' | 'tcp' | 'tls';

export type Family = 'ipv4' | 'ipv6';

export const familyOf = (ip: string): Family => (ip.includes(':') ? 'ipv6' : 'ipv4');

/** `203.0.113.1:3478` or `[2001:db8::1]:3478`. */
export const formatAddress = ({ ip, port }: TransportAddress): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
