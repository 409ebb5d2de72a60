import type { WireFact } from '../../model/facts.ts';
import type { Observation } from '../../model/observation.ts';
import { observed } from '../../model/observation.ts';
import type { BindingObservation } from '../../model/observations/stun-binding.ts';
import { defineRule } from '../../model/rule.ts';
import { flagInForce, problemOf } from '../flag-in-force.ts';
import { hasAnswer, nothingFound, sameEndpoint, wireEvidence } from '../wire-evidence.ts';

const CONSEQUENCE =
  'Allocate and relaying still work, so every TURN test is green, but a browser also sends Binding to each turn: server and keeps ICE gathering open for 40 s';

const NOT_IN_THE_FILE =
  'no-stun is not in the file that was read: look for it on the command line, or restart coturn if the file was changed.';

export default defineRule({
  id: 'listener/no-stun',
  meta: {
    title: 'Binding requests are not answered',
    effect:
      'Browsers take 40 s instead of 0.1 s to finish gathering, and the first call fails where that is waited for',
    why: 'no-stun drops STUN Binding requests without a word and does nothing else: Allocate, permissions and relaying work, and every TURN test is green. But browsers send Binding to each turn: server too. Chromium sends it nine times (after 250 ms, doubling to 8 s) before it gives up; measured, gathering ended after 39.9 s instead of 0.13 s. The relay candidate is there early, so applications that trickle candidates hardly notice; whoever waits for the end of gathering times out in the first call.',
    remedy:
      'Delete no-stun and restart coturn. Against abuse as a reflector, no-rfc5780, no-stun-backward-compatibility and no-software-attribute shorten the answers up to coturn 4.6; later ones are short by themselves.',
    severity: 'error',
    // A server that crashes, or tries in vain to bind for seconds, leaves a Binding unanswered too.
    explainedBy: ['relay/port-range-inverted', 'relay/address-not-local'],
    references: ['RFC 8489 §6.2.1', 'RFC 8445 §5.1.1.2', 'libwebrtc p2p/base/stun_request.cc'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const [proof] = silentBindings(wire);
    const entry = flagInForce('no-stun', config, version);
    if (entry !== undefined) {
      const message = `no-stun drops every Binding request: ${CONSEQUENCE}`;
      const answered = proof === undefined ? answeredBinding(wire) : undefined;
      if (answered === undefined) return [{ ...problemOf(entry, message, proof), causes: [] }];
      const stale = `${wireEvidence(answered)}: the running server does not have this line yet, so the file was changed after its start`;
      return [
        {
          ...problemOf(entry, message, stale),
          causes: [],
          remedy: 'Delete no-stun before the next restart, with which it takes effect.',
        },
      ];
    }
    if (proof !== undefined) {
      return [
        {
          message: `The server answers Allocate and ignores Binding, as with no-stun: ${CONSEQUENCE}`,
          option: 'no-stun',
          evidence: proof,
          ...(config === undefined ? {} : { remedy: NOT_IN_THE_FILE }),
        },
      ];
    }
    const answered = observed(wire?.observations ?? [], 'stun-binding').some(hasAnswer);
    return nothingFound(config, answered, 'no Binding request was answered');
  },
});

/** Endpoints that answer Allocate and are silent to Binding. Silence to both is a firewall or a dead server. */
function silentBindings(wire: WireFact | undefined): string[] {
  const observations = wire?.observations ?? [];
  const answersTurn = (binding: Observation) =>
    observed(observations, 'turn-allocate').find(o => sameEndpoint(o, binding) && hasAnswer(o));
  return observed(observations, 'stun-binding').flatMap(binding => {
    const allocate = binding.outcome === 'no-response' ? answersTurn(binding) : undefined;
    return allocate === undefined ? [] : [wireEvidence(allocate, binding)];
  });
}

const answeredBinding = (wire: WireFact | undefined): BindingObservation | undefined =>
  observed(wire?.observations ?? [], 'stun-binding').find(o => o.outcome === 'answered');
