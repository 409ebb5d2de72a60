import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { formatIp, parseIp } from '../../util/ip.ts';
import { listed } from '../../util/text.ts';
import { hasOwnNetwork, hostAddresses, isInternal } from '../relay-addresses.ts';

export default defineRule({
  id: 'relay/address-guessed',
  meta: {
    title: 'coturn relays from every address of the host',
    why: 'Without relay-ip and listening-ip coturn takes all interfaces, those of Docker, virtual machines and tunnels too. Allocations then come from an address that no peer can reach, now and then.',
    remedy: 'Set relay-ip (and listening-ip) to the address that is meant, and restart coturn.',
    severity: 'warning',
  },
  needs: ['config', 'version', 'addresses'],
  uses: ['service', 'containers'],
  check: ({ config, version: { version }, addresses, service, containers }) => {
    const settings = settingsOf(config, version);
    // With 0.0.0.0 the routing table decides, which is one address for all allocations.
    if (['relay-ip', 'listening-ip'].some(settings.isSet) || hasOwnNetwork(service, containers)) return [];
    const usable = hostAddresses(addresses).filter(({ family }) => family === 'ipv4');
    const meant = usable.find(ip => !isInternal(ip)) ?? null;
    const others = usable.filter(ip => isInternal(ip) && ip !== meant);
    // With private addresses alone nothing here tells which of them a router maps.
    if (meant === null || others.length === 0) return [];
    const nameOf = (text: string) =>
      addresses.find(({ ip }) => parseIp(ip) && formatIp(parseIp(ip)!) === text);
    const named = others.map(ip => `${formatIp(ip)} (${nameOf(formatIp(ip))?.interface ?? 'unknown'})`);
    return [
      {
        message: `coturn relays from ${listed(named)} as well as from ${formatIp(meant)}`,
        option: 'relay-ip',
        at: { file: config.path },
        evidence: `no relay-ip and no listening-ip in ${config.path}; this host has ${listed([formatIp(meant), ...named])}`,
        remedy: `Set relay-ip=${formatIp(meant)} and restart coturn.`,
      },
    ];
  },
});
