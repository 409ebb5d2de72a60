import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { flagInForce, problemOf } from '../flag-in-force.ts';
import { hasAllocated, nothingFound, wireEvidence } from '../wire-evidence.ts';

const WHAT =
  'TCP allocations (RFC 6062) are refused with 442. Clients may still reach the server over TCP and TLS, and UDP relaying is not affected';

export default defineRule({
  id: 'relay/no-tcp-relay',
  meta: {
    title: 'No TCP connections from the relay to peers',
    why: 'no-tcp-relay concerns the far side only: an Allocate that asks for TCP towards the peer gets 442. It is not no-tcp, which closes the TCP listener for clients. Browsers never ask for a TCP relay; only clients that need RFC 6062 notice. It also keeps the relay from opening TCP connections into your network.',
    remedy:
      'Keep the line unless a client of yours needs RFC 6062 allocations. If you meant the transport between client and server, that is no-tcp.',
    severity: 'warning',
    references: ['RFC 6062 §4.1', 'RFC 8656 §7.2'],
  },
  either: ['config', 'wire'],
  uses: ['version'],
  check: ({ config, version, wire }) => {
    const asked = observed(wire?.observations ?? [], 'turn-allocate').filter(
      o => o.requestedTransport === 'tcp',
    );
    const refused = asked.find(o => o.outcome === 'error-response' && o.code === 442);
    const proof = refused && wireEvidence(refused);
    const entry = flagInForce('no-tcp-relay', config, version);
    if (entry !== undefined) return [problemOf(entry, `no-tcp-relay is set: ${WHAT}`, proof)];
    if (proof !== undefined) return [{ message: WHAT, option: 'no-tcp-relay', evidence: proof }];
    return nothingFound(
      config,
      hasAllocated(wire, 'tcp'),
      'no TCP allocation was asked for with credentials',
    );
  },
});
