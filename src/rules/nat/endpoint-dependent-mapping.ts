import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';

export default defineRule({
  id: 'nat/endpoint-dependent-mapping',
  meta: {
    title: 'The NAT here maps each destination differently',
    why: 'The address that STUN finds is not the one a peer would see. Two clients behind such NATs reach each other through TURN alone. In front of a TURN server such a NAT breaks the relayed addresses.',
    remedy:
      'For clients: offer TURN, over TCP and TLS too. In front of a server: forward its listening ports and its relay range one to one.',
    severity: 'info',
    references: ['RFC 4787 §4.1', 'RFC 5780 §4.3'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const found = observed(wire.observations, 'nat-behaviour').filter(o => o.outcome === 'complete');
    const known = found.filter(({ mapping }) => mapping.kind !== 'inconclusive');
    if (known.length === 0) return { skip: 'how the NAT maps was not found out (probe nat)' };
    return known
      .filter(({ mapping }) => mapping.kind !== 'endpoint-independent')
      .map(({ mapping, mappedAddress, localAddress, server }) => ({
        message: `The NAT between here and ${server?.ip ?? 'the server'} has ${mapping.kind} mapping`,
        evidence: `${formatAddress(localAddress)} is ${formatAddress(mappedAddress)} to the server, and another address to others`,
      }));
  },
});
