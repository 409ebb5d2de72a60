import { observed } from '../../model/observation.ts';
import type { TlsSurveyObservation, WeakSuites } from '../../model/observations/tls-survey.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { endpointOf } from '../wire-evidence.ts';

const WITHDRAWN: ReadonlySet<string> = new Set(['SSLv3', 'TLSv1', 'TLSv1.1']);

/** What anybody on the path can read or alter; forward secrecy is no such thing. */
const BROKEN: { readonly [K in WeakSuites]?: string } = {
  null: 'suites without encryption',
  anonymous: 'suites without a certificate',
  export: 'export suites',
  rc4: 'RC4',
  '3des': '3DES',
};

export default defineRule({
  id: 'tls/legacy-accepted',
  meta: {
    title: 'The server speaks TLS that was withdrawn',
    why: 'No browser needs it, scanners and audits report it, and a client that offers it can be talked down to it.',
    remedy:
      'Delete tlsv1 and tlsv1_1 (coturn up to 4.6 has no-tlsv1 and no-tlsv1_1) and cipher-list: the defaults of coturn 4.7 and later take neither.',
    severity: 'warning',
    references: ['RFC 8996', 'RFC 9325 §4'],
    explainedBy: ['tls/legacy-protocol'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const seen = observed(wire.observations, 'tls-survey').flatMap(observation =>
      observation.outcome === 'complete' ? [observation] : [],
    );
    if (seen.length === 0) return { skip: 'older TLS was not offered (turnctl probe tls does)' };
    return seen.flatMap(observation => {
      const taken = takenBy(observation);
      if (taken.length === 0) return [];
      return [
        {
          message: `${endpointOf(observation)} takes ${listed(taken)}`,
          evidence: `a ClientHello that offers nothing else is answered with a ServerHello`,
        },
      ];
    });
  },
});

function takenBy({ versions, weakSuites }: Extract<TlsSurveyObservation, { outcome: 'complete' }>): string[] {
  return [
    ...versions.flatMap(({ version, answer }) =>
      answer === 'taken' && WITHDRAWN.has(version) ? [version] : [],
    ),
    ...weakSuites.flatMap(({ kind, answer }) => (answer === 'taken' ? (BROKEN[kind] ?? []) : [])),
  ];
}
