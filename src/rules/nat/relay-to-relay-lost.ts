import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';
import { trialVerdict } from '../trial-verdict.ts';
import { endpointOf, sameEndpoint } from '../wire-evidence.ts';

export default defineRule({
  id: 'nat/relay-to-relay-lost',
  meta: {
    title: 'Two clients of this relay cannot reach each other',
    effect: 'Calls in which both sides need the relay have no picture and no sound',
    why: "Each side's peer is then the other's relayed address, on the same server. Packets to its public address must turn round at the server's own NAT (hairpin), and denied-peer-ip must not cover it.",
    remedy:
      'Allow the relay address as a peer (allowed-peer-ip), write external-ip as PUBLIC/PRIVATE so that coturn need not leave its host, or have the router in front of it hairpin.',
    severity: 'error',
    explainedBy: [
      'nat/external-ip-missing',
      'nat/external-ip-reversed',
      'nat/external-ip-unmapped',
      'peers/own-address-denied',
    ],
    references: ['RFC 8656 §3.3', 'RFC 4787 §6'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const paths = observed(wire.observations, 'turn-data-path');
    const works = (o: (typeof paths)[number]) => o.outcome === 'complete' && o.outbound.outcome === 'passed';
    // Where not even one client's data passes, that is the fault.
    const tried = observed(wire.observations, 'turn-trial').filter(
      o =>
        o.trial === 'relay-to-relay' &&
        o.outcome === 'complete' &&
        paths.some(path => works(path) && sameEndpoint(path, o)),
    );
    if (tried.length === 0) return { skip: 'no two allocations were made, or data does not pass at all' };
    return tried.flatMap(o => {
      const verdict = trialVerdict(o);
      if (verdict?.mark !== 'bad' || o.trial !== 'relay-to-relay' || o.outcome !== 'complete') return [];
      const [a, b] = o.result.relayedAddresses.map(formatAddress);
      return [
        {
          message: `${endpointOf(o)}: data between two of its own allocations does not arrive`,
          evidence: `from ${a} to ${b}: ${verdict.result}; data between one of them and a peer of ours passes`,
        },
      ];
    });
  },
});
