import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'auth/challenge-flood',
  meta: {
    title: 'Requests without credentials are not kept in bounds',
    why: 'Each challenge costs the server an answer that goes to a source anybody can forge. A limit keeps that small; a limit that also shuts out users with credentials stops calls.',
    remedy:
      'Set unauthorized-ratelimit (coturn 4.14.0 and later), and see that users behind one NAT still get through.',
    severity: 'info',
    references: ['RFC 8656 §21.3.1'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const flooded = observed(wire.observations, 'challenge-limit').filter(o => o.outcome === 'complete');
    if (flooded.length === 0) return { skip: 'no flood was tried (turnctl probe peers --rate-limit)' };
    return flooded.flatMap(observation => {
      const { sent, challenged, validUserServed } = observation;
      const evidence = `${endpointOf(observation)}: ${challenged} of ${sent} answered`;
      if (validUserServed === false) {
        return [
          {
            message: `After ${sent} requests without credentials a user with valid ones is not served`,
            evidence: `${evidence}; Allocate of a valid user failed`,
            severity: 'error' as const,
          },
        ];
      }
      return challenged === sent
        ? [{ message: `All ${sent} requests without credentials were challenged`, evidence }]
        : [];
    });
  },
});
