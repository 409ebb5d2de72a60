import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';
import { parseIp } from '../../util/ip.ts';
import { atValue } from '../evidence.ts';
import { externalIps } from '../external-ip.ts';
import { isInternal } from '../relay-addresses.ts';
import { endpointOf, fromOutside } from '../wire-evidence.ts';

export default defineRule({
  id: 'nat/external-ip-wrong',
  meta: {
    title: 'external-ip is the address of something else',
    effect: 'Allocations succeed and no call goes through the relay',
    why: 'coturn announces external-ip as the relayed address without a look at the network. After a move, or a new elastic address, peers send to a host that is not the relay, and drop what comes to them from an address they were not told.',
    remedy:
      'Write the address from which packets of the relay arrive into external-ip=PUBLIC/PRIVATE, and restart coturn.',
    severity: 'error',
    explainedBy: ['nat/external-ip-reversed', 'nat/external-ip-unmapped', 'config/inline-comment'],
    references: ['RFC 8656 §7.2', 'RFC 8656 §11.3'],
  },
  needs: ['wire'],
  uses: ['config', 'version'],
  check: ({ wire, config, version }) => {
    if (!fromOutside(wire)) return { skip: 'the relay was not seen from outside' };
    const paths = observed(wire.observations, 'turn-data-path').filter(o => o.outcome === 'complete');
    if (paths.length === 0) return { skip: 'no relaying was tried' };
    const lines = config && version ? externalIps(settingsOf(config, version.version)) : [];
    return paths.flatMap(path => {
      const { outbound, inbound, relayedAddress } = path;
      // Where data comes in, the address is right, and it is the way out that leads elsewhere.
      if (outbound.outcome !== 'wrong-source' || inbound.outcome !== 'lost') return [];
      const [from, relayed] = [parseIp(outbound.from.ip), parseIp(relayedAddress.ip)];
      // A private relayed address is the business of nat/external-ip-missing.
      if (!from || !relayed || from.value === relayed.value || isInternal(from) || isInternal(relayed))
        return [];
      const line = lines.find(({ publicIp }) => publicIp?.value === relayed.value);
      return [
        {
          message: `The relay announces ${relayedAddress.ip}, and its packets come from ${outbound.from.ip}`,
          option: 'external-ip',
          ...(line === undefined ? {} : { at: atValue(line.entry).at }),
          evidence: `${endpointOf(path)}: relayed address ${formatAddress(relayedAddress)}, what it sends comes from ${formatAddress(outbound.from)}, what is sent to it is lost (${inbound.sent} packets)`,
          remedy: `Write ${outbound.from.ip} into external-ip in place of ${relayedAddress.ip}, and restart coturn.`,
        },
      ];
    });
  },
});
