import { isAtLeast } from '../../config/versions.ts';
import type { VersionFact } from '../../model/facts.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { endpointOf } from '../wire-evidence.ts';

/** coturn from 4.7.0 on is below; what is above can be lowered by an option. */
const NOTEWORTHY = 4;

export default defineRule({
  id: 'listener/amplification',
  meta: {
    title: 'Answers are several times larger than what asks for them',
    why: 'A request over UDP may carry a forged source: the larger the answer, the more the server is worth to whoever floods a third party with it.',
    remedy:
      'Make the answers shorter: no-software-attribute, a short realm, no-rfc5780; or upgrade to coturn 4.7.0 or later.',
    severity: 'info',
    references: ['RFC 8489 §16.1.3'],
  },
  needs: ['wire'],
  uses: ['version'],
  check: ({ wire, version }) => {
    const weighed = observed(wire.observations, 'unauthenticated-answers').filter(
      o => o.outcome === 'complete',
    );
    if (weighed.length === 0) return { skip: 'answers were not weighed (turnctl probe peers)' };
    return weighed.flatMap(observation => {
      const factors = observation.requests.map(request => ({
        ...request,
        factor: request.bytesOut / request.bytesIn,
      }));
      const [worst] = [...factors].sort((a, b) => b.factor - a.factor);
      if (worst === undefined || worst.factor < NOTEWORTHY) return [];
      return [
        {
          message: `${worst.request} of ${worst.bytesIn} bytes is answered with ${worst.bytesOut}, ${worst.factor.toFixed(1)} times as much`,
          evidence: `${endpointOf(observation)}: ${factors.map(({ request, bytesIn, bytesOut }) => `${request} ${bytesIn} → ${bytesOut} B`).join(', ')}`,
          remedy: remedyFor(observation.software, version),
        },
      ];
    });
  },
});

function remedyFor(software: string | undefined, version: VersionFact | undefined): string {
  const older = software !== undefined || (version !== undefined && !isAtLeast(version.version, '4.7.0'));
  const options = older ? ['no-software-attribute', 'no-rfc5780', 'no-stun-backward-compatibility'] : [];
  const lines =
    options.length > 0 ? `Add ${options.join(', ')} (each where this version knows it), and ` : '';
  return `${lines}${lines === '' ? 'Choose' : 'choose'} a short realm: it is in every challenge.`;
}
