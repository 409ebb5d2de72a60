import type { IdentityObservation } from '../../model/observations/server-identity.ts';
import { plural } from '../../util/text.ts';

const challenge = (realm: string, nonceLength: number): string =>
  nonceLength === 0 ? '' : `realm ${realm || '(none)'}, nonce of ${nonceLength} characters, `;

/** Who answered, and how many of them there are. */
export function describeIdentity(observation: IdentityObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { asked, answered, faces, staleOnFirstTry, rejected } = observation;
  return [
    `identity: ${answered} of ${plural(asked, 'fresh 5-tuple')} answered, by ${plural(faces.length, 'server')}` +
      (staleOnFirstTry > 0 ? `; 438 on the first try ${staleOnFirstTry} times` : '') +
      (rejected > 0 ? `; ${rejected} refused` : ''),
    ...faces.map(
      ({ realm, software, nonceLength, count }) =>
        `  ${count} × ${challenge(realm, nonceLength)}${software || 'no SOFTWARE'}`,
    ),
  ];
}
