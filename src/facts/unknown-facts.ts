import { unknown } from '../model/fact.ts';
import type { FactName, Facts } from '../model/facts.ts';

/** Every name there is; the compiler sees to it that none is forgotten. */
const NAMES: Readonly<Record<FactName, true>> = {
  version: true,
  upgrade: true,
  config: true,
  configFile: true,
  service: true,
  processes: true,
  sockets: true,
  addresses: true,
  accounts: true,
  tlsFiles: true,
  firewall: true,
  log: true,
  logLines: true,
  kernel: true,
  containers: true,
  wire: true,
  credential: true,
  endpoint: true,
  client: true,
};

export const FACT_NAMES = Object.keys(NAMES) as readonly FactName[];

/** Facts of which none is known, for one reason; what is gathered is put over it. */
export function unknownFacts(observedAt: string, reason: string): Facts {
  const entries = FACT_NAMES.map(name => [name, unknown(reason)] as const);
  return { observedAt, ...Object.fromEntries(entries) } as Facts;
}
