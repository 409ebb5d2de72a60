import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { formatIp } from '../../util/ip.ts';
import { listed } from '../../util/text.ts';
import { atValue } from '../evidence.ts';
import { externalIps } from '../external-ip.ts';
import { formatted, hasOwnNetwork, isInternal, ofFamily, relayAddresses } from '../relay-addresses.ts';

export default defineRule({
  id: 'nat/external-ip-unmapped',
  meta: {
    title: 'external-ip maps an address that the relay does not have',
    effect: 'Relay candidates carry a private address that nobody outside can reach',
    why: 'A pair PUBLIC/PRIVATE rewrites relayed addresses that equal PRIVATE. When no relay address does, nothing is rewritten, and no error is logged.',
    remedy: 'Write the address of the relay interface behind the slash.',
    severity: 'error',
    explainedBy: ['nat/external-ip-reversed', 'config/inline-comment'],
  },
  needs: ['config', 'version'],
  uses: ['addresses', 'service', 'containers'],
  check: ({ config, version: { version }, addresses, service, containers }) => {
    const settings = settingsOf(config, version);
    const pairs = externalIps(settings).filter(
      ({ publicIp, privateIp }) =>
        // Reversed pairs are the business of another rule.
        privateIp !== null && publicIp !== null && !(isInternal(publicIp) && !isInternal(privateIp)),
    );
    if (pairs.length === 0) return [];
    const relay = relayAddresses(settings, hasOwnNetwork(service, containers) ? undefined : addresses);
    if (relay === null) return { skip: 'neither relay-ip nor the addresses of the host are known' };
    const own = new Set(formatted(relay.ips));
    return pairs.flatMap(({ entry, privateIp }) => {
      if (own.has(formatIp(privateIp!))) return [];
      const candidates = formatted(ofFamily(relay.ips, privateIp!.family));
      const base = atValue(entry);
      return [
        {
          message: `The relay has no address ${formatIp(privateIp!)}, so external-ip=${entry.value} rewrites nothing`,
          ...base,
          evidence: `${base.evidence}; relay addresses (${relay.from === 'host' ? 'of the host' : relay.from}): ${listed(candidates) || 'none of that family'}`,
        },
      ];
    });
  },
});
