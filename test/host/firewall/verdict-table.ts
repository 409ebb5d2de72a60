import { inboundVerdicts } from '../../../src/host/firewall/evaluate.ts';
import type { Outside, Table } from '../../../src/host/firewall/ruleset.ts';
import type { InboundVerdict } from '../../../src/model/firewall.ts';

/** A server with one interface to the outside. Addresses of documentation, RFC 5737 and 3849. */
export const outside: Outside = { interfaces: ['eth0'], addresses: ['203.0.113.10', '2001:db8::10'] };

/** `udp 0-3477 shut, 3478 open, 3479-65535 shut`, for one protocol of one family. */
export function fates(
  tables: readonly Table[],
  protocol: 'udp' | 'tcp',
  family: InboundVerdict['family'] = 'ipv4',
  from: Outside = outside,
): string {
  const parts = inboundVerdicts(tables, from).filter(it => it.protocol === protocol && it.family === family);
  const merged: { from: number; to: number; verdict: string }[] = [];
  for (const { from: first, to, verdict } of parts) {
    const last = merged.at(-1);
    if (last?.verdict === verdict) last.to = to;
    else merged.push({ from: first, to, verdict });
  }
  return merged.map(it => `${it.from === it.to ? it.from : `${it.from}-${it.to}`} ${it.verdict}`).join(', ');
}

/** The rule or policy that decides about one port. */
export const decidedBy = (
  tables: readonly Table[],
  protocol: 'udp' | 'tcp',
  port: number,
  family: InboundVerdict['family'] = 'ipv4',
): string =>
  inboundVerdicts(tables, outside).find(
    it => it.protocol === protocol && it.family === family && it.from <= port && port <= it.to,
  )!.by;
