import { relayRange } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { classifyIp, formatIp, parseIp } from '../../util/ip.ts';
import { portCount } from '../../util/port-range.ts';
import { listed } from '../../util/text.ts';
import { atValue } from '../evidence.ts';
import { formatted, hasOwnNetwork, hostAddresses, ofFamily } from '../relay-addresses.ts';
import { wireEvidence } from '../wire-evidence.ts';

/** Below this 508 may just as well mean that all ports are taken. */
const AMPLE_PORTS = 1000;

export default defineRule({
  id: 'relay/address-not-local',
  meta: {
    title: 'relay-ip is no address of this host',
    effect: 'No client gets a relayed address',
    why: 'coturn accepts any relay-ip at start and fails at each Allocate, with 508, because it can only bind to addresses of its own interfaces. A public address that a cloud or a router maps to the host belongs into external-ip.',
    remedy:
      'Set relay-ip to an address of this host, or delete it, and announce the public address with external-ip=PUBLIC/PRIVATE.',
    severity: 'error',
    references: ['bind(2), EADDRNOTAVAIL'],
  },
  needs: ['config', 'version'],
  uses: ['addresses', 'wire', 'service', 'containers'],
  check: ({ config, version: { version }, addresses, wire, service, containers }) => {
    const settings = settingsOf(config, version);
    const entries = settings.entries('relay-ip');
    if (entries.length === 0) return [];
    const allocates = observed(wire?.observations ?? [], 'turn-allocate');
    const refused = allocates.find(o => o.outcome === 'error-response' && o.code === 508);
    const proof = refused === undefined ? '' : `; ${wireEvidence(refused)}`;

    if (addresses === undefined || hasOwnNetwork(service, containers)) {
      const { min, max } = relayRange(settings);
      if (refused === undefined && allocates.some(o => o.outcome === 'allocated')) return [];
      if (refused === undefined || portCount({ from: min, to: max }) < AMPLE_PORTS) {
        return { skip: 'the addresses of the host are not known' };
      }
      const [entry] = entries;
      return [
        {
          message: `Allocate is refused with 508 although ${portCount({ from: min, to: max })} ports are set up: ${entry!.value} is probably no address of the server's host`,
          ...atValue(entry!),
          evidence: `${atValue(entry!).evidence}${proof}`,
        },
      ];
    }

    const own = addresses.flatMap(({ ip }) => parseIp(ip) ?? []);
    const isOwn = new Set(own.map(formatIp));
    return entries.flatMap(entry => {
      const ip = parseIp(entry.value ?? '');
      if (ip === null || classifyIp(ip) === 'unspecified' || isOwn.has(formatIp(ip))) return [];
      const candidates = formatted(ofFamily(hostAddresses(addresses), ip.family));
      const base = atValue(entry);
      return [
        {
          message: `relay-ip is ${entry.value}, which no interface of this host has`,
          ...base,
          evidence: `${base.evidence}; this host has ${listed(candidates) || 'no address of that family'}${proof}`,
          ...(candidates.length === 1
            ? {
                remedy: `Set relay-ip=${candidates[0]}, and external-ip=${entry.value}/${candidates[0]} if ${entry.value} is mapped to this host; then restart coturn.`,
              }
            : {}),
        },
      ];
    });
  },
});
