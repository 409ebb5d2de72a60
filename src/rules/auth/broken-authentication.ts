import { observed } from '../../model/observation.ts';
import type { AuthObservation, WrongCredential } from '../../model/observations/turn-auth.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { endpointOf } from '../wire-evidence.ts';

const WORDS: Readonly<Record<WrongCredential, string>> = {
  'wrong-password': 'a wrong password',
  'unknown-user': 'a user that nobody knows',
  expired: 'a credential that expired in 2001',
  'garbled-integrity': 'a message integrity that does not verify',
  'foreign-realm': 'a key made for another realm',
  'no-integrity': 'a user name without any message integrity',
};

export default defineRule({
  id: 'auth/broken-authentication',
  meta: {
    title: 'The server accepts credentials that are wrong',
    effect: 'Strangers can relay traffic through this server',
    why: 'It asks for credentials and then takes such as nobody was given: whoever finds out relays at your expense and in your name.',
    remedy:
      'See what stands in front of or in place of coturn; a coturn that checks credentials refuses all of these.',
    severity: 'error',
    explainedBy: ['auth/anonymous-relay'],
    references: ['RFC 8489 §9.2.4'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const seen = observed(wire.observations, 'turn-auth');
    if (!seen.some(o => o.outcome === 'complete' || o.outcome === 'unchallenged')) {
      return { skip: 'wrong credentials were not tried (turnctl probe auth does)' };
    }
    return seen.flatMap(observation => {
      const taken = takenBy(observation);
      return taken.length === 0
        ? []
        : [
            {
              message: `${endpointOf(observation)} accepts ${listed(taken)}`,
              evidence: evidenceOf(observation),
            },
          ];
    });
  },
});

function takenBy(observation: AuthObservation): string[] {
  if (observation.outcome === 'unchallenged') return ['requests without any credentials'];
  if (observation.outcome !== 'complete') return [];
  return observation.wrong.filter(({ answer }) => answer === 'accepted').map(({ kind }) => WORDS[kind]);
}

function evidenceOf(observation: AuthObservation): string {
  if (observation.outcome !== 'complete') return 'Refresh without credentials: not challenged';
  const answers = observation.wrong.map(({ kind, answer }) => `${kind}: ${answer ?? 'no answer'}`);
  return `Refresh with ${answers.join(', ')}`;
}
