import { reachablePeers } from '../../config/peer-policy.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { parsePrefix } from '../../util/ip.ts';
import { rangeOfPrefix, rangesOverlap } from '../../util/ip-range.ts';
import { endpointOf } from '../wire-evidence.ts';

const MULTICAST = [rangeOfPrefix(parsePrefix('224.0.0.0/4')!)];

export default defineRule({
  id: 'peers/multicast-allowed',
  meta: {
    title: 'Multicast peers are allowed',
    why: 'A client may send to multicast groups of the network the server stands in. No call needs that.',
    remedy: 'Add no-multicast-peers.',
    severity: 'info',
    references: ['RFC 8656 §21.1.6'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    if (config !== undefined && version !== undefined) {
      const settings = settingsOf(config, version.version);
      if (!rangesOverlap(reachablePeers(settings), MULTICAST)) return [];
      return [
        {
          message: 'no-multicast-peers is not set, so clients may send to multicast groups',
          option: 'no-multicast-peers',
          at: { file: config.path },
          evidence: `no no-multicast-peers in ${config.path}`,
        },
      ];
    }
    const policies = observed(wire?.observations ?? [], 'turn-peer-policy').filter(
      o => o.outcome === 'complete',
    );
    if (policies.length === 0) return { skip: 'no permission was asked for' };
    const open = policies.flatMap(policy =>
      policy.peers
        .filter(({ kind, answer }) => kind === 'multicast' && answer === 'allowed')
        .map(({ ip }) => `${endpointOf(policy)}: CreatePermission for ${ip} was granted`),
    );
    return open.length === 0
      ? []
      : [{ message: 'The server grants permission for multicast addresses', evidence: open.join('; ') }];
  },
});
