import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { parseIp } from '../../util/ip.ts';
import { parseIpRange, rangesContain } from '../../util/ip-range.ts';
import { plural } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';

/** `A peer IP 192.168.5.20 denied in the range: 192.168.0.0-192.168.255.255`, with a level and a session around it. */
const DENIED = /peer IP (\S+) denied in the range:?\s*(\S*)/i;

/** More different ones than this are somebody who tries addresses. */
const MOST_PEERS = 5;

export default defineRule({
  id: 'peers/needed-peer-denied',
  meta: {
    title: 'Clients asked for a peer that a denied range covers',
    effect: 'Calls to a media server or a client in that range fail',
    why: 'CreatePermission for the peer gets 403 (Forbidden IP). A media server or a conference bridge on the local network is such a peer; so are the host candidates of the other side, which are tried and not needed.',
    remedy: 'If the peer belongs to you and calls need it, add allowed-peer-ip=ADDRESS, which beats the denied range, and restart coturn.',
    severity: 'error',
    explainedBy: ['peers/own-address-denied'],
    references: ['RFC 8656 §9.2'],
  },
  needs: ['logLines'],
  uses: ['config', 'version', 'addresses'],
  check: ({ logLines, config, version, addresses }) => {
    const own = new Set(addresses?.map(({ ip }) => ip) ?? []);
    const counts = new Map<string, { count: number; line: string }>();
    for (const line of logLines.lines) {
      const peer = DENIED.exec(line)?.[1];
      if (peer === undefined || own.has(peer)) continue;
      counts.set(peer, { count: (counts.get(peer)?.count ?? 0) + 1, line });
    }
    const settings = config && version ? settingsOf(config, version.version) : null;
    return [...counts].slice(0, MOST_PEERS).map(([peer, { count, line }]) => {
      const ip = parseIp(peer);
      const entry = settings?.entries('denied-peer-ip').find(({ value }) => {
        const range = parseIpRange(value ?? '');
        return ip !== null && range !== null && rangesContain([range], ip);
      });
      return {
        message: `Clients were refused the peer ${peer} (${plural(count, 'time')})${entry ? `: ${entry.value} is denied` : ''}`,
        ...(entry ? atEntry(entry) : {}),
        evidence: `${logLines.source}: ${line.trim()}`,
        remedy: `If ${peer} belongs to you and calls need it, add allowed-peer-ip=${peer} and restart coturn.`,
      };
    });
  },
});
