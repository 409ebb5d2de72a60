import { settingsOf } from '../../config/settings.ts';
import { type StartFailure, startFailures } from '../../config/start-failure.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry, quotedAll } from '../evidence.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  'no-auth': 'Delete no-auth: alone it would let anyone relay.',
  'no-udp-relay': 'Delete no-udp-relay: browsers need UDP relaying, and never ask for TCP relaying.',
  'allow-loopback-peers': "Delete allow-loopback-peers: it opens the server's own services to every client.",
};

export default defineRule({
  id: 'config/exclusive-options',
  meta: {
    title: 'Options that coturn refuses together',
    effect: 'coturn does not start',
    why: 'coturn prints the conflict and exits with status 255; under systemd it is restarted until the start limit is hit.',
    remedy: 'Keep one of them.',
    severity: 'error',
    references: ['coturn src/apps/relay/mainrelay.c, main'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    startFailures(settingsOf(config, version))
      .filter(isConflict)
      .map(({ entry, other, reason }) => ({
        message: `coturn exits: ${reason}`,
        ...atEntry(entry!),
        evidence: quotedAll([entry!, ...(other === undefined ? [] : [other])]),
        remedy: REMEDIES[entry!.name]!,
      })),
});

/** bps-capacity without max-bps, ports and single values have rules of their own. */
const isConflict = ({ kind, entry }: StartFailure): boolean =>
  (kind === 'exclusive' || kind === 'missing-companion') && entry !== undefined && entry.name in REMEDIES;
