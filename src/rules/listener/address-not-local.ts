import { settingsOf } from '../../config/settings.ts';
import type { InterfaceAddress } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { familyOf } from '../../model/transport.ts';
import { classifyIp, formatIp, parseIp } from '../../util/ip.ts';
import { listed } from '../../util/text.ts';
import { atValue } from '../evidence.ts';
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
  check: ({ config, version, addresses, service, containers = [] }) => {
    if (service?.manager === 'docker' && !containers.some(({ networkMode }) => networkMode === 'host')) {
      return { skip: 'coturn runs in a container with addresses of its own' };
    }
    const own = addresses.map(({ ip }) => canonical(ip));
    return settingsOf(config, version.version)
      .entries('listening-ip')
      .flatMap(entry => {
        const ip = parseIp(entry.value ?? '');
        if (!ip || ['unspecified', 'loopback'].includes(classifyIp(ip)) || own.includes(formatIp(ip)))
          return [];
        const candidates = usable(addresses, formatIp(ip));
        return [
          {
            ...atValue(entry),
            message: `listening-ip is ${entry.value}, which no interface of this host has`,
            evidence: `${atValue(entry).evidence}; this host has ${listed(candidates) || 'no address of that family'}`,
            remedy: advice(entry.value ?? '', candidates, restartCommand(service)),
          },
        ];
      });
  },
});

const canonical = (ip: string): string => {
  const parsed = parseIp(ip);
  return parsed ? formatIp(parsed) : ip;
};

const usable = (addresses: readonly InterfaceAddress[], like: string): string[] =>
  addresses
    .filter(({ ip, scope }) => scope === 'global' && familyOf(ip) === familyOf(like))
    .map(({ ip }) => ip);

function advice(ip: string, candidates: readonly string[], restart: string): string {
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) {
    return `Set listening-ip to one of them, or remove the line to listen on all; then ${restart}.`;
  }
  return `Set listening-ip=${only}, and external-ip=${ip}/${only} if ${ip} is mapped to this host; then ${restart}.`;
}
