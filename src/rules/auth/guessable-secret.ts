import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { listed, plural } from '../../util/text.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'auth/guessable-secret',
  meta: {
    title: 'The server takes a secret that anybody may guess',
    effect: 'Strangers can relay traffic through this server',
    why: 'The shared secret stands in a sample file or is the name of the server. Scanners try these first, and whoever has the secret makes credentials at will.',
    remedy:
      'Make a new one (openssl rand -hex 32), set it as static-auth-secret and in the application, restart coturn.',
    severity: 'error',
    references: ['RFC 8656 §21.1'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const seen = observed(wire.observations, 'turn-auth').flatMap(observation =>
      observation.outcome === 'complete' && observation.guessed
        ? [{ observation, guessed: observation.guessed }]
        : [],
    );
    if (seen.length === 0) return { skip: 'no secret was guessed (turnctl probe auth --weak-secrets does)' };
    return seen.flatMap(({ observation, guessed }) =>
      guessed.accepted.length === 0
        ? []
        : [
            {
              message: `${endpointOf(observation)} takes ${listed(guessed.accepted)}`,
              evidence: `a credential made from it was accepted; ${plural(guessed.tried, 'secret')} tried`,
            },
          ],
    );
  },
});
