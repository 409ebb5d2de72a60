import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { classifyIp } from '../../util/ip.ts';
import { atValue } from '../evidence.ts';
import { externalIps } from '../external-ip.ts';
import { isInternal } from '../relay-addresses.ts';

export default defineRule({
  id: 'nat/external-ip-private',
  meta: {
    title: 'external-ip announces an address that is not public',
    effect: 'Relay candidates carry an address that no peer can reach',
    why: 'external-ip is what coturn tells clients, and they tell their peers. 127.0.0.1 is the peer itself; a private address works for peers of the same network only.',
    remedy: 'Write the public address, or delete the line when the host has it itself.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    externalIps(settingsOf(config, version)).flatMap(({ entry, publicIp, privateIp }) => {
      if (publicIp === null || !isInternal(publicIp)) return [];
      // PRIVATE/PUBLIC has a rule of its own.
      if (privateIp !== null && !isInternal(privateIp)) return [];
      const nowhere = ['loopback', 'unspecified', 'link-local'].includes(classifyIp(publicIp));
      return [
        {
          message: `external-ip announces ${entry.value!.split('/')[0]}, which ${nowhere ? 'no peer can reach' : 'only peers of the same network can reach'}`,
          ...atValue(entry),
          ...(nowhere ? {} : { severity: 'info' as const }),
        },
      ];
    }),
});
