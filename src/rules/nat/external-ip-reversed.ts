import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { formatIp } from '../../util/ip.ts';
import { atValue } from '../evidence.ts';
import { externalIps } from '../external-ip.ts';
import { isInternal } from '../relay-addresses.ts';

export default defineRule({
  id: 'nat/external-ip-reversed',
  meta: {
    title: 'external-ip has its halves the wrong way round',
    effect: 'Relay candidates carry a private address that nobody outside can reach',
    why: 'The public address stands in front of the slash, the one of the interface behind it. Reversed, no relay address of the host matches and nothing is rewritten; no error is logged.',
    remedy: 'Swap the two: external-ip=PUBLIC/PRIVATE.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    externalIps(settingsOf(config, version)).flatMap(({ entry, publicIp, privateIp }) => {
      if (publicIp === null || privateIp === null) return [];
      if (!isInternal(publicIp) || isInternal(privateIp)) return [];
      return [
        {
          message: `external-ip=${entry.value} is PRIVATE/PUBLIC; coturn reads PUBLIC/PRIVATE`,
          ...atValue(entry),
          remedy: `Write external-ip=${formatIp(privateIp)}/${formatIp(publicIp)} and restart coturn.`,
        },
      ];
    }),
});
