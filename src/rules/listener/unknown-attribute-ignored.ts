import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'listener/unknown-attribute-ignored',
  meta: {
    title: 'An attribute that must be understood is ignored',
    why: 'A server that does not know a comprehension-required attribute has to refuse the request with 420. One that answers as if it were not there leaves clients to believe that it did what they asked for.',
    remedy: 'Find out what answers: it is not coturn, or something in front of it answers instead.',
    severity: 'info',
    references: ['RFC 8489 §6.3.1', 'RFC 8489 §14.9'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const asked = observed(wire.observations, 'stun-conformance').filter(o => o.outcome === 'complete');
    if (asked.length === 0) return { skip: 'no request with an unknown attribute was sent (probe stun)' };
    return asked.flatMap(observation => {
      const { answer, unknownAttributes = [] } = observation.unknownAttribute;
      if (answer === 'success') {
        return [
          {
            message: `${endpointOf(observation)} answers a Binding request with an unknown attribute as if it had none`,
            evidence: 'attribute 0x7FFE: success, where 420 (Unknown Attribute) is due',
          },
        ];
      }
      if (answer !== 420 || unknownAttributes.includes(0x7ffe)) return [];
      return [
        {
          message: `${endpointOf(observation)} refuses an unknown attribute with 420, and does not say which`,
          evidence: 'the 420 has no UNKNOWN-ATTRIBUTES with 0x7FFE',
        },
      ];
    });
  },
});
