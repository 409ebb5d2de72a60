import type { ChallengeLimitObservation } from '../../model/observations/challenge-limit.ts';

/** What became of many requests without credentials. */
export function describeChallengeLimit(observation: ChallengeLimitObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { sent, challenged, lastedMs, validUserServed } = observation;
  const served =
    validUserServed === undefined
      ? ''
      : `; a valid user was ${validUserServed ? 'served' : 'not served'} after them`;
  return [
    `${challenged} of ${sent} requests without credentials were answered in ${Math.round(lastedMs)} ms${served}`,
  ];
}
