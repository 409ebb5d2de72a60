import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { formatAddress } from '../../model/transport.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'nat/address-rewritten',
  meta: {
    title: 'A device on the path rewrites addresses inside packets',
    effect: 'Some calls fail from this network',
    why: 'An application layer gateway replaces what looks like an address in the payload. XOR-MAPPED-ADDRESS is disguised against that; SDP, and protocols without such a disguise, are not.',
    remedy:
      'Switch the application layer gateway (ALG, "SIP helper", "STUN fixup") of the router or firewall off, or offer turns: on port 443, which it cannot read.',
    severity: 'warning',
    references: ['RFC 8489 §14.2', 'RFC 5389 §15.2'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const both = observed(wire.observations, 'stun-binding').flatMap(o =>
      o.outcome === 'answered' && o.plainMappedAddress ? [{ binding: o, plain: o.plainMappedAddress }] : [],
    );
    if (both.length === 0)
      return { skip: 'no answer had MAPPED-ADDRESS beside XOR-MAPPED-ADDRESS to compare' };
    return both.flatMap(({ binding, plain }) => {
      const [sent, xored] = [formatAddress(plain), formatAddress(binding.mappedAddress)];
      if (sent === xored) return [];
      return [
        {
          message: `On the way from ${endpointOf(binding)} something rewrites addresses in the payload`,
          evidence: `MAPPED-ADDRESS ${sent}, XOR-MAPPED-ADDRESS ${xored} in one answer`,
        },
      ];
    });
  },
});
