import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'listener/malformed-stops',
  meta: {
    title: 'The server is silent after damaged messages',
    effect: 'Anybody can stop the server with one packet',
    why: 'A message that is none must be dropped or answered with 400. A server that crashes or hangs on one can be stopped by anybody, without credentials.',
    remedy: 'Upgrade coturn, and see in its log why it ended.',
    severity: 'error',
    references: ['RFC 8489 §6.3'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const sent = observed(wire.observations, 'malformed-requests').filter(o => o.outcome === 'complete');
    if (sent.length === 0) return { skip: 'no damaged messages were sent (turnctl probe peers)' };
    return sent
      .filter(({ aliveAfter }) => !aliveAfter)
      .map(observation => ({
        message: 'A sound Allocate was answered before the damaged messages, and not after them',
        evidence: `${endpointOf(observation)}: ${observation.messages.map(({ defect, answer }) => `${defect}: ${answer}`).join('; ')}; then silence`,
      }));
  },
});
