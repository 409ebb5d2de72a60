import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { classifyIp, formatIp, parseIp } from '../../util/ip.ts';
import { listed } from '../../util/text.ts';
import { atValue } from '../evidence.ts';
import { formatted, hasOwnNetwork, hostAddresses, ofFamily } from '../relay-addresses.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'listener/address-not-local',
  meta: {
    title: 'listening-ip is no address of this host',
    effect: 'Nobody can reach the server on that address',
    why: 'coturn can only bind to addresses of its own interfaces. A public address that a cloud or a router maps to the host belongs into external-ip.',
    remedy: 'Listen on an address of this host, and announce the public one with external-ip=PUBLIC/PRIVATE.',
    severity: 'error',
    references: ['bind(2), EADDRNOTAVAIL'],
  },
  needs: ['config', 'version', 'addresses'],
  uses: ['service', 'containers'],
  check: ({ config, version, addresses, service, containers }) => {
    if (hasOwnNetwork(service, containers)) {
      return { skip: 'coturn runs in a container with addresses of its own' };
    }
    const own = new Set(addresses.map(({ ip }) => parseIp(ip)).map(ip => ip && formatIp(ip)));
    return settingsOf(config, version.version)
      .entries('listening-ip')
      .flatMap(entry => {
        const ip = parseIp(entry.value ?? '');
        if (!ip || ['unspecified', 'loopback'].includes(classifyIp(ip)) || own.has(formatIp(ip))) return [];
        const candidates = formatted(ofFamily(hostAddresses(addresses), ip.family));
        const base = atValue(entry);
        return [
          {
            ...base,
            message: `listening-ip is ${entry.value}, which no interface of this host has`,
            evidence: `${base.evidence}; this host has ${listed(candidates) || 'no address of that family'}`,
            remedy: advice(formatIp(ip), candidates, restartCommand(service)),
          },
        ];
      });
  },
});

function advice(ip: string, candidates: readonly string[], restart: string): string {
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) {
    return `Set listening-ip to an address of this host, or remove the line to listen on all; then ${restart}.`;
  }
  return `Set listening-ip=${only}, and external-ip=${ip}/${only} if ${ip} is mapped to this host; then ${restart}.`;
}
