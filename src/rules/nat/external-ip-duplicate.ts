import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry, quotedAll } from '../evidence.ts';
import { externalIps } from '../external-ip.ts';

export default defineRule({
  id: 'nat/external-ip-duplicate',
  meta: {
    title: 'A second plain external-ip',
    why: 'coturn keeps the first plain value and refuses every other one ("You cannot define external IP more than once"), also one of the other family. Pairs PUBLIC/PRIVATE may be as many as there are relay addresses.',
    remedy: 'Keep one plain value, or write external-ip=PUBLIC/PRIVATE for each relay address.',
    severity: 'warning',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const plain = externalIps(settingsOf(config, version)).filter(
      ({ form, valid }) => form === 'plain' && valid,
    );
    const [first, ...others] = plain;
    return others
      .filter(({ entry }) => entry.value !== first!.entry.value)
      .map(({ entry, publicIp }) => {
        // One for each family is what the manual suggests; it harms only clients that ask for the second.
        const otherFamily = publicIp !== null && publicIp.family !== first!.publicIp?.family;
        return {
          message: `external-ip=${entry.value} is refused, ${first!.entry.value} stays in force`,
          ...atEntry(entry),
          evidence: quotedAll([first!.entry, entry]),
          ...(otherFamily ? { severity: 'info' as const } : {}),
        };
      });
  },
});
