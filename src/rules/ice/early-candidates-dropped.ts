import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { atTimes, firstEvent, partName, partsOf } from '../timeline.ts';

export default defineRule({
  id: 'ice/early-candidates-dropped',
  meta: {
    title: 'Candidates of the other side that come early are thrown away',
    effect: 'The first call stays in "connecting"',
    why: 'Before the remote description is set, addIceCandidate fails. A client that does not keep such candidates loses them for good: while an application wakes up it is all of them, later none.',
    remedy: 'Keep candidates until setRemoteDescription has resolved, then add them.',
    severity: 'error',
    references: ['RFC 8829 §4.1.19', 'RFC 8838'],
  },
  needs: ['client'],
  check: ({ client }) =>
    partsOf(client)
      .flatMap(part => {
        const dropped = part.events.filter(({ kind }) => kind === 'candidate-dropped');
        if (dropped.length === 0) return [];
        const relay = dropped.some(({ type }) => type === 'relay');
        return [
          {
            message: `${partName(part)}: ${plural(dropped.length, 'candidate')} of the other side came before its description and ${dropped.length === 1 ? 'was' : 'were'} thrown away${relay ? ', its relay among them' : ''}`,
            evidence: atTimes(['first of them', dropped[0]], ['description', firstEvent(part, 'received')]),
            ...(part.call.caller.connectedMs === null ? {} : { severity: 'warning' as const }),
          },
        ];
      })
      .slice(0, 1),
});
