import { type AuthenticationMode, authentication } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { quoted } from '../evidence.ts';
import { misspelt } from '../misspelt.ts';
import { endpointOf, nothingFound } from '../wire-evidence.ts';

const MECHANISMS: Readonly<Record<AuthenticationMode, string>> = {
  anonymous: 'no credentials',
  'static-users': 'user lines',
  'shared-secret': 'time-limited credentials',
  database: 'accounts of a database',
};

export default defineRule({
  id: 'auth/realm-missing',
  meta: {
    title: 'No realm',
    effect: 'Browsers gather candidates for ever and get no relay',
    why: 'coturn then challenges with an empty REALM. Lenient tools answer it, browsers do not: no relay candidate, no error event, and gathering never completes.',
    remedy:
      'Add realm=your.domain and restart coturn. Keys stored as 0x… in a database or user line belong to one realm and are to be made again.',
    severity: 'error',
    explainedBy: ['config/not-coturn', 'config/byte-order-mark', 'config/unknown-option'],
    references: ['RFC 8489 §14.9'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const challenges = observed(wire?.observations ?? [], 'turn-allocate').filter(o => o.realm !== undefined);
    const empty = challenges.find(o => o.realm === '');
    const wireEvidence = empty === undefined ? null : `${endpointOf(empty)}: 401 with an empty REALM`;

    if (config !== undefined && version !== undefined) {
      const settings = settingsOf(config, version.version);
      const auth = authentication(settings);
      const lines = settings.entries('realm');
      if (auth.longTerm && auth.realm === '') {
        // coturn falls back to the NIS domain of the host, so a running server may have a realm after all.
        if (challenges.length > 0 && empty === undefined) return [];
        const what = lines.length === 0 ? 'no realm is set' : 'realm is empty';
        const entry = lines[0] ?? misspelt(config, version.version, ['realm'])?.entry;
        return [
          {
            message: `Clients must log in (${MECHANISMS[auth.mode]}), but ${what}`,
            option: 'realm',
            at: { file: config.path, ...(entry === undefined ? {} : { line: entry.line }) },
            evidence:
              wireEvidence ?? (entry === undefined ? `no realm line in ${config.path}` : quoted(entry)),
          },
        ];
      }
    }
    if (wireEvidence === null) {
      return nothingFound(config, challenges.length > 0, 'no challenge was seen');
    }
    return [
      { message: 'The server challenges with an empty realm.', option: 'realm', evidence: wireEvidence },
    ];
  },
});
