import { settingsOf } from '../../config/settings.ts';
import { isAtLeast } from '../../config/versions.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { atValue } from '../evidence.ts';
import { plainExternalIp } from '../external-ip.ts';
import { formatted, hasOwnNetwork, relayAddresses } from '../relay-addresses.ts';

/** coturn pull request 2058: a plain value is used for its own family alone. */
const PER_FAMILY_SINCE = '4.18.0';

export default defineRule({
  id: 'nat/external-ip-family',
  meta: {
    title: 'external-ip of one family on a relay that has both',
    why: 'Up to 4.17 a plain external-ip is announced for allocations of the other family too: a client that asks for an IPv6 relay gets an IPv4 address back.',
    remedy:
      'Write external-ip=PUBLIC/PRIVATE for each family, or give the relay addresses of one family only.',
    severity: 'warning',
    references: ['coturn pull request 2058'],
  },
  needs: ['config', 'version'],
  uses: ['addresses', 'service', 'containers'],
  check: ({ config, version: { version }, addresses, service, containers }) => {
    const settings = settingsOf(config, version);
    const plain = plainExternalIp(settings);
    if (plain?.publicIp == null || isAtLeast(version, PER_FAMILY_SINCE)) return [];
    const relay = relayAddresses(settings, hasOwnNetwork(service, containers) ? undefined : addresses);
    if (relay === null) return { skip: 'neither relay-ip nor the addresses of the host are known' };
    const { family } = plain.publicIp;
    const others = relay.ips.filter(ip => ip.family !== family);
    if (others.length === 0) return [];
    const base = atValue(plain.entry);
    return [
      {
        message: `external-ip=${plain.entry.value} is announced for the ${family === 'ipv4' ? 'IPv6' : 'IPv4'} relay addresses too`,
        ...base,
        evidence: `${base.evidence}; the relay also has ${listed(formatted(others))}`,
      },
    ];
  },
});
