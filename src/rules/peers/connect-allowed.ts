import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'peers/connect-allowed',
  meta: {
    title: 'Connect reaches peers that CreatePermission refuses',
    why: 'Connect (RFC 6062) opens TCP connections from the server. Where it does not obey the denied ranges, every client can scan and use the services behind them.',
    remedy: 'Set no-tcp-relay, which browsers never use, and restart coturn; upgrade it.',
    severity: 'error',
    references: ['RFC 6062 §4.3', 'RFC 8656 §21.1.6'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const reached = observed(wire.observations, 'peer-reach').filter(o => o.outcome === 'complete');
    const asked = reached.filter(({ peers }) => peers.some(({ connect }) => connect !== undefined));
    if (asked.length === 0) return { skip: 'Connect was not asked for (turnctl probe peers)' };
    return asked.flatMap(observation => {
      // 447: the relay tried to connect, and nobody was there.
      const open = observation.peers.filter(({ connect }) => connect === 'allowed' || connect === 447);
      if (open.length === 0) return [];
      return [
        {
          message: `Connect is not refused for ${open.map(({ ip }) => ip).join(', ')}`,
          evidence: `${endpointOf(observation)}: ${open
            .map(
              ({ ip, createPermission, connect }) =>
                `${ip}: CreatePermission ${createPermission}, Connect ${connect}`,
            )
            .join('; ')}`,
        },
      ];
    });
  },
});
