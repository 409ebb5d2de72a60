import { reachablePeers } from '../../config/peer-policy.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import type { WireFact } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIp } from '../../util/ip.ts';
import { rangesContain } from '../../util/ip-range.ts';
import { atEntry } from '../evidence.ts';
import { relaysIpv6 } from '../relays-ipv6.ts';
import { endpointOf, hasAnswer, nothingFound } from '../wire-evidence.ts';

const MAPPED_LOOPBACK = '::ffff:127.0.0.1';

export default defineRule({
  id: 'peers/loopback-allowed',
  meta: {
    title: 'The relay reaches the services of its own host',
    effect: 'Every client can talk to services that listen on 127.0.0.1 of the server',
    why: 'A peer 127.0.0.1 is the server itself: databases, administration and monitoring that trust local connections are open to whoever has TURN credentials.',
    remedy: 'Delete allow-loopback-peers and restart coturn.',
    severity: 'error',
    references: ['RFC 8656 §21.1.6', 'CVE-2020-26262', 'CVE-2026-27624', 'CVE-2026-53450'],
  },
  either: ['config', 'wire'],
  uses: ['version', 'addresses'],
  check: ({ config, version, wire, addresses }) => {
    const proof = granted(wire);
    if (config !== undefined && version !== undefined) {
      const settings = settingsOf(config, version.version);
      const entry = settings.flag('allow-loopback-peers')
        ? settings.deciding('allow-loopback-peers')
        : undefined;
      if (entry !== undefined) {
        const base = atEntry(entry);
        return [
          {
            message: 'allow-loopback-peers lets every client reach 127.0.0.1 of the server',
            ...base,
            evidence: proof === null ? base.evidence : `${base.evidence}; ${proof}`,
          },
        ];
      }
      if (proof === null && relaysIpv6(settings, addresses) === true && reachesMapped(settings)) {
        return [mapped(version.version, config.path)];
      }
    }
    if (proof === null) {
      const told = observed(wire?.observations ?? [], 'turn-peer-policy').some(hasAnswer);
      return nothingFound(config, told, 'no permission was asked for');
    }
    return [{ message: 'The server grants permission for its own loopback address', evidence: proof }];
  },
});

const reachesMapped = (settings: Settings): boolean =>
  rangesContain(reachablePeers(settings), parseIp(MAPPED_LOOPBACK)!);

/** An IPv4 address in IPv6 form passes the check of older versions, when there is an IPv6 allocation to use it. */
const mapped = (version: string, path: string): Problem => ({
  message: `This relay has IPv6 addresses, and coturn ${version} takes ${MAPPED_LOOPBACK} for a peer like any other`,
  at: { file: path },
  evidence: `${MAPPED_LOOPBACK} is in no denied range of ${path}, and coturn before 4.13.0 does not look into it`,
  severity: 'warning',
  remedy: 'Add denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255, or upgrade to coturn 4.13.0 or later.',
});

function granted(wire: WireFact | undefined): string | null {
  for (const policy of observed(wire?.observations ?? [], 'turn-peer-policy')) {
    if (policy.outcome !== 'complete') continue;
    const open = policy.peers.filter(({ kind, answer }) => kind === 'loopback' && answer === 'allowed');
    if (open.length > 0) {
      return `${endpointOf(policy)}: CreatePermission for ${open.map(({ ip }) => ip).join(', ')} was granted`;
    }
  }
  return null;
}
