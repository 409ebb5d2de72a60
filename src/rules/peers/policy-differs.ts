import { isPeerDenied } from '../../config/peer-policy.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import type { ReachedPeer } from '../../model/observations/peer-reach.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIp } from '../../util/ip.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'peers/policy-differs',
  meta: {
    title: 'The relay judges peers otherwise than its version and configuration say',
    why: 'What this coturn should refuse follows from its version and its lines. Where the answers differ, the running server is another version, or has read another file, than the one that is looked at.',
    remedy:
      'Restart coturn so that it reads its file, and compare the version that runs with the one installed.',
    severity: 'warning',
    explainedBy: ['peers/loopback-allowed', 'config/unreadable', 'service/restart-pending'],
    references: ['RFC 8656 §21.1.6'],
  },
  needs: ['wire'],
  uses: ['config', 'version'],
  check: ({ wire, config, version }) => {
    const reached = observed(wire.observations, 'peer-reach').filter(o => o.outcome === 'complete');
    if (reached.length === 0) return { skip: 'no peers were asked for (turnctl probe peers)' };
    if (version === undefined || (config === undefined && version.origin === 'newest-known')) {
      return { skip: 'which coturn it is, is not known: give --as-version, or --config' };
    }
    const settings = settingsOf(config ?? { entries: [] }, version.version);
    const differs = ({ ip, createPermission }: ReachedPeer): boolean => {
      const parsed = parseIp(ip);
      if (createPermission === null || !parsed) return false;
      const denied = isPeerDenied(settings, parsed);
      // Lines that deny more than the defaults are nobody's fault; without the file they cannot be told.
      return createPermission === 'allowed' ? denied : config !== undefined && !denied;
    };
    return reached.flatMap(observation => {
      const strange = observation.peers.filter(differs);
      if (strange.length === 0) return [];
      const basis = config === undefined ? `the defaults of coturn ${version.version}` : config.path;
      const listed = strange.map(({ ip, createPermission }) => `${ip} ${createPermission}`).join(', ');
      return [
        {
          message: `The relay's answers for ${strange.length} peers are not those of ${basis}`,
          evidence: `${endpointOf(observation)}: CreatePermission: ${listed}`,
        },
      ];
    });
  },
});
