import { observed } from '../../model/observation.ts';
import type { TlsSurveyObservation } from '../../model/observations/tls-survey.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'tls/not-turn',
  meta: {
    title: 'Behind TLS there is no TURN server',
    effect: 'No client can use TURN over TLS',
    why: 'The handshake is done by a web server or a proxy that holds the port and knows nothing of TURN. Every test that stops at the certificate calls this healthy.',
    remedy:
      'Give coturn the port, or let the proxy hand on by server name or ALPN (stun.turn) without ending TLS.',
    severity: 'error',
    references: ['RFC 7443'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const seen = observed(wire.observations, 'tls-survey').flatMap(observation =>
      observation.outcome === 'complete' && observation.inside.outcome !== 'tls-failed' ? [observation] : [],
    );
    if (seen.length === 0) return { skip: 'nothing was asked through TLS (turnctl probe tls does)' };
    return seen.flatMap(observation => {
      const what = WORDS[observation.inside.outcome];
      if (what === undefined) return [];
      return [{ message: `${endpointOf(observation)} ${what}`, evidence: evidenceOf(observation) }];
    });
  },
});

type Complete = Extract<TlsSurveyObservation, { outcome: 'complete' }>;

const WORDS: { readonly [O in Complete['inside']['outcome']]?: string } = {
  'no-response': 'finishes the TLS handshake and does not answer a TURN request',
  'invalid-response': 'finishes the TLS handshake and answers a TURN request in another protocol',
  closed: 'finishes the TLS handshake and hangs up at a TURN request',
};

function evidenceOf({ inside }: Complete): string {
  if (inside.outcome === 'invalid-response') return `Refresh through TLS: ${inside.problem}`;
  if (inside.outcome === 'closed') return `Refresh through TLS: ${inside.error}`;
  return 'Refresh through TLS: no answer';
}
