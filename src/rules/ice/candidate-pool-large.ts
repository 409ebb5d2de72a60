import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';

export default defineRule({
  id: 'ice/candidate-pool-large',
  meta: {
    title: 'The candidate pool makes several allocations for one call',
    effect: 'Clients use up the quota of the server',
    why: 'A browser gathers for each place of the pool: ten places are ten allocations on every server of the list, of which one call uses one. A quota for each user (486) is reached with the first call.',
    remedy:
      'Set iceCandidatePoolSize to 1, and make the connection a second before it is needed; or to 0, and warm up as turnctl/client does.',
    severity: 'warning',
    references: ['W3C WebRTC §4.2.1', 'RFC 8829 §3.5.4'],
  },
  needs: ['client'],
  check: ({ client: { scenario } }) =>
    scenario.poolSize <= 1
      ? []
      : [
          {
            message: `The ${scenario.name} client gathers ${plural(scenario.poolSize, 'time')} for each call`,
            evidence: `iceCandidatePoolSize: ${scenario.poolSize}`,
          },
        ],
});
