import type { WireFact } from '../../model/facts.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { flagInForce, problemOf } from '../flag-in-force.ts';
import { hasAnswer, nothingFound, sameEndpoint, wireEvidence } from '../wire-evidence.ts';

export default defineRule({
  id: 'listener/stun-only',
  meta: {
    title: 'TURN is switched off',
    effect: 'No client gets a relayed address',
    why: 'stun-only drops every request but Binding without an answer. STUN tests are green; a browser waits 40 s for its Allocate and has no relay candidate.',
    remedy: 'Delete stun-only and restart coturn.',
    severity: 'error',
    // As with no-stun.
    explainedBy: ['relay/port-range-inverted', 'relay/address-not-local'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const proof = silentAllocate(wire);
    const entry = flagInForce('stun-only', config, version);
    if (entry !== undefined) {
      const noStun = flagInForce('no-stun', config, version) !== undefined;
      const also = noStun ? ', and no-stun every STUN request: the server answers nothing' : '';
      return [{ ...problemOf(entry, `stun-only drops every TURN request${also}`, proof), causes: [] }];
    }
    if (proof !== undefined) {
      return [
        {
          message: 'The server answers Binding and ignores Allocate',
          evidence: proof,
          remedy:
            'Look for stun-only in the configuration. A server that dies at the first Allocate (min-port above max-port), or a limit on 401 answers, looks the same.',
        },
      ];
    }
    const allocates = observed(wire?.observations ?? [], 'turn-allocate');
    const answered = allocates.some(o => hasAnswer(o) || o.realm !== undefined);
    return nothingFound(config, answered, 'no Allocate request was answered, and no Binding beside it');
  },
});

function silentAllocate(wire: WireFact | undefined): string | undefined {
  const observations = wire?.observations ?? [];
  for (const allocate of observed(observations, 'turn-allocate')) {
    // Silence after the challenge is a server that went away in between; after a redirection, it is another server's.
    if (allocate.outcome !== 'no-response' || allocate.afterChallenge || allocate.alternate) continue;
    const binding = observed(observations, 'stun-binding').find(
      o => o.outcome === 'answered' && sameEndpoint(o, allocate),
    );
    if (binding !== undefined) return wireEvidence(binding, allocate);
  }
  return undefined;
}
