import { chooseManager } from '../host/firewall/backends.ts';
import { inboundVerdicts } from '../host/firewall/evaluate.ts';
import { zoneOf } from '../host/firewall/firewalld.ts';
import { readOutside } from '../host/firewall/outside.ts';
import { readRuleset } from '../host/firewall/read.ts';
import type { Host } from '../host/host.ts';
import { type Fact, known } from '../model/fact.ts';
import type { FirewallFact } from '../model/firewall.ts';

/** What this host's firewall does with new packets from outside. Unknown where not everything can be read. */
export async function gatherFirewall(host: Host): Promise<Fact<FirewallFact>> {
  const [tables, outside] = await Promise.all([readRuleset(host), readOutside(host)]);
  if (!tables.known) return tables;
  const zone = zoneOf(tables.value, outside);
  return known({
    manager: chooseManager(tables.value),
    ...(zone === null ? {} : { zone }),
    inbound: inboundVerdicts(tables.value, outside, 'invited'),
  });
}
