import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { flagInForce, problemOf } from '../flag-in-force.ts';
import { hasAllocated, nothingFound, wireEvidence } from '../wire-evidence.ts';

export default defineRule({
  id: 'relay/no-udp-relay',
  meta: {
    title: 'UDP relaying is off',
    effect: 'No browser gets a relay candidate',
    why: 'Every allocation of a browser asks for UDP towards the peer, also when the browser reaches the server over TCP or TLS. With no-udp-relay each of them gets 442.',
    remedy: 'Delete no-udp-relay and restart coturn.',
    severity: 'error',
    explainedBy: ['config/exclusive-options'],
    references: ['RFC 8656 §7.2'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const asked = observed(wire?.observations ?? [], 'turn-allocate').filter(
      o => o.requestedTransport === 'udp',
    );
    const refused = asked.find(o => o.outcome === 'error-response' && o.code === 442);
    const proof = refused && wireEvidence(refused);
    const entry = flagInForce('no-udp-relay', config, version);
    if (entry !== undefined) {
      return [
        problemOf(entry, 'no-udp-relay is set: every Allocate of a browser is refused with 442', proof),
      ];
    }
    if (proof !== undefined) {
      return [
        { message: 'The server refuses UDP allocations with 442', option: 'no-udp-relay', evidence: proof },
      ];
    }
    return nothingFound(config, hasAllocated(wire), 'no UDP allocation was asked for with credentials');
  },
});
