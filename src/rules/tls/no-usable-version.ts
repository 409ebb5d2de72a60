import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { isAtLeast } from '../../config/versions.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { nothingFound, wireEvidence } from '../wire-evidence.ts';

/** One context for all TLS listeners, and with it TLS 1.3. Before, TLS 1.3 worked only beside no-tcp. */
const TLS_1_3_SINCE = '4.6.2';

/** OpenSSL's words for "the two sides have no version in common". */
const NO_VERSION = /protocol[ _]version|unsupported[ _]protocol|alert number 70/i;

export default defineRule({
  id: 'tls/no-usable-version',
  meta: {
    title: 'No TLS version is left',
    effect: 'No client can use TURN over TLS',
    why: 'Up to 4.6.1 the TLS listener speaks TLS 1.2 at most, and OpenSSL refuses 1.0 and 1.1: with no-tlsv1_2 nothing is left, and handshakes hang. Since 4.6.2 TLS 1.3 remains.',
    remedy: 'Delete no-tlsv1_2 and restart coturn.',
    severity: 'error',
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const handshakes = observed(wire?.observations ?? [], 'tls-handshake');
    if (handshakes.some(o => o.outcome === 'handshake')) return [];
    const failed = handshakes.find(o => o.outcome === 'tls-failed' || o.outcome === 'no-response');
    if (config !== undefined && version !== undefined) {
      const settings = settingsOf(config, version.version);
      const entry = settings.flag('no-tlsv1_2') ? settings.deciding('no-tlsv1_2') : undefined;
      const { tls, tcp } = listenerPlan(settings);
      if (entry !== undefined && tls.on && tcp.on && !isAtLeast(version.version, TLS_1_3_SINCE)) {
        const base = atEntry(entry);
        return [
          {
            message: `coturn ${version.version} has no TLS 1.3 here, and no-tlsv1_2 takes TLS 1.2 away`,
            ...base,
            evidence: failed === undefined ? base.evidence : `${base.evidence}; ${wireEvidence(failed)}`,
          },
        ];
      }
    }
    if (failed?.outcome === 'tls-failed' && NO_VERSION.test(failed.error)) {
      return [
        {
          message: 'The server and this client have no TLS version in common',
          evidence: wireEvidence(failed),
        },
      ];
    }
    return nothingFound(config, false, 'no TLS handshake was completed');
  },
});
