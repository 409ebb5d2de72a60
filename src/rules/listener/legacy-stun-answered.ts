import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

/** Bytes out for one byte in, from which on a reflection is worth something to an attacker. */
const WORTHWHILE = 2;

export default defineRule({
  id: 'listener/legacy-stun-answered',
  meta: {
    title: 'Requests of the STUN of 2003 are answered',
    why: 'No client of today sends Binding without the magic cookie. Anybody can, with a forged source address, and has the longer answer sent to a victim.',
    remedy:
      'coturn 4.6: set no-stun-backward-compatibility (4.5 cannot: upgrade). Later ones: remove stun-backward-compatibility and rfc3489-compatibility, which are off by default.',
    severity: 'info',
    references: ['RFC 3489', 'RFC 8489 §6.3.1'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const asked = observed(wire.observations, 'stun-conformance').flatMap(observation =>
      observation.outcome === 'complete' && observation.legacy
        ? [{ observation, legacy: observation.legacy }]
        : [],
    );
    if (asked.length === 0) return { skip: 'no RFC 3489 request was sent (probe stun, over UDP)' };
    return asked.flatMap(({ observation, legacy: { requestBytes, responseBytes = 0 } }) => {
      const factor = responseBytes / requestBytes;
      if (factor < WORTHWHILE) return [];
      return [
        {
          message: `${endpointOf(observation)} answers RFC 3489 Binding requests with ${factor.toFixed(1)} times their size`,
          evidence: `${requestBytes} bytes without the magic cookie, ${responseBytes} bytes back`,
        },
      ];
    });
  },
});
