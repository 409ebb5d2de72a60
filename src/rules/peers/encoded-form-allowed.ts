import { observed } from '../../model/observation.ts';
import type { ReachedPeer } from '../../model/observations/peer-reach.ts';
import { defineRule } from '../../model/rule.ts';
import { embeddedIpv4, formatIp, parseIp } from '../../util/ip.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'peers/encoded-form-allowed',
  meta: {
    title: 'A denied address is allowed in another way of writing it',
    effect: 'Every client can reach addresses that the server is told to deny',
    why: 'An IPv4 address can be written as an IPv6 one (::ffff:127.0.0.1, 64:ff9b::7f00:1). coturn before 4.9.0 and 4.13.x does not look into these forms, and whoever has credentials walks around the denied ranges.',
    remedy:
      'Deny the forms too (denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255 and the like), or upgrade to coturn 4.13.1 or later.',
    severity: 'error',
    explainedBy: ['peers/loopback-allowed'],
    references: ['CVE-2020-26262', 'CVE-2026-53450', 'RFC 4291 §2.5.5', 'RFC 6052', 'RFC 3056'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const reached = observed(wire.observations, 'peer-reach').filter(o => o.outcome === 'complete');
    if (reached.length === 0) return { skip: 'no peers were asked for (turnctl probe peers)' };
    const both = reached.filter(({ peers }) => peers.some(({ ip }) => insideOf(ip) !== null));
    if (both.length === 0) return { skip: 'there was no IPv6 allocation to ask with' };
    return both.flatMap(observation => {
      const open = observation.peers.filter(peer => isWayAround(peer, observation.peers));
      if (open.length === 0) return [];
      return [
        {
          message: `The relay refuses addresses, and agrees to them as ${open.map(({ ip }) => ip).join(', ')}`,
          evidence: `${endpointOf(observation)}: ${open
            .map(({ ip }) => `CreatePermission for ${insideOf(ip)} refused, for ${ip} granted`)
            .join('; ')}`,
        },
      ];
    });
  },
});

function insideOf(ip: string): string | null {
  const parsed = parseIp(ip);
  const inside = parsed && embeddedIpv4(parsed);
  return inside ? formatIp(inside.ip) : null;
}

function isWayAround({ ip, createPermission }: ReachedPeer, peers: readonly ReachedPeer[]): boolean {
  const inside = insideOf(ip);
  const plain = peers.find(peer => peer.ip === inside);
  return createPermission === 'allowed' && typeof plain?.createPermission === 'number';
}
