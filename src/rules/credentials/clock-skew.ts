import { observed } from '../../model/observation.ts';
import type { ClockBounds } from '../../model/observations/turn-auth.ts';
import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { endpointOf } from '../wire-evidence.ts';

/** Closer than this nobody notices, and half of it is the precision of what we measure. */
const HARMLESS_SECONDS = 10;
/** Whoever hands out credentials of an hour loses a part of it; some hand out five minutes. */
const SERIOUS_SECONDS = 300;

export default defineRule({
  id: 'credentials/clock-skew',
  meta: {
    title: 'A clock is wrong that credentials depend on',
    effect: 'Credentials expire too early, or were never valid',
    why: 'The application writes the time at which a credential ends by its own clock, and the TURN server compares it with another. A server that is ahead cuts every credential short, and refuses those that live for less; one that is behind accepts them after their end.',
    remedy: 'Let every host take its time from NTP (timedatectl set-ntp true), this one too.',
    severity: 'warning',
    references: ['draft-uberti-behave-turn-rest-00 §2.2'],
  },
  either: ['wire', 'endpoint'],
  check: ({ wire, endpoint }) => {
    const clocks = [
      ...observed(wire?.observations ?? [], 'turn-auth').flatMap(observation => {
        if (observation.outcome !== 'complete' || observation.clock === undefined) return [];
        const distance = between(observation.clock);
        return distance
          ? [{ who: `The clock of ${endpointOf(observation)}`, judges: true, ...distance }]
          : [];
      }),
      ...(endpoint?.outcome === 'answered' && typeof endpoint.http?.aheadSeconds === 'number'
        ? [
            {
              who: `The clock of ${endpoint.url}`,
              judges: false,
              ahead: endpoint.http.aheadSeconds,
              evidence: `Date header against the clock of this computer: ${signedSeconds(endpoint.http.aheadSeconds)}`,
            },
          ]
        : []),
    ];
    if (clocks.length === 0) return { skip: 'no clock was compared (turnctl probe auth does)' };
    return clocks
      .filter(({ ahead }) => Math.abs(ahead) > HARMLESS_SECONDS)
      .map(({ who, judges, ahead, evidence }) => ({
        message: `${who} is ${amount(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} that of this computer`,
        evidence,
        // A server that is ahead refuses; an application that is ahead hands out credentials that live longer.
        ...(judges && ahead >= SERIOUS_SECONDS ? { severity: 'error' as const } : {}),
      }));
  },
});

/** The distance that is certain: nought where the bounds have it between them. One bound alone tells no time. */
function between({ atLeastSeconds: low, atMostSeconds: high, tries }: ClockBounds) {
  if (low === null || high === null) return undefined;
  const bound = (seconds: number): string => signedSeconds(Math.round(seconds));
  return {
    ahead: Math.round(low > 0 ? low : Math.min(0, high)),
    evidence: `${plural(tries, 'credential')} of different ends: the clock is ${bound(low)} to ${bound(high)} off`,
  };
}

const signedSeconds = (seconds: number): string => `${seconds > 0 ? '+' : ''}${seconds} s`;

function amount(seconds: number): string {
  if (seconds < 120) return plural(seconds, 'second');
  if (seconds < 7200) return plural(Math.round(seconds / 60), 'minute');
  return plural(Math.round(seconds / 3600), 'hour');
}
