import type { SeriesObservation } from '../../model/observations/stun-series.ts';

const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));

/** Loss, round trips and jitter of a series. */
export function describeSeries(observation: SeriesObservation): readonly string[] {
  if (observation.outcome === 'no-response')
    return [`series: silence, not one of ${observation.requestsSent} answered`];
  if (observation.outcome !== 'complete') return [];
  const { sent, received, rttMs, jitterMs, longestGap, duplicates, reordered, unansweredAtEnd } = observation;
  const lost = sent - received;
  return [
    `series: ${received} of ${sent} answered, ${((100 * lost) / sent).toFixed(1)} % lost` +
      (lost > 0 ? `, ${longestGap} in a row at most, ${unansweredAtEnd} at the end` : '') +
      (duplicates > 0 ? `, ${duplicates} answered twice` : '') +
      (reordered > 0 ? `, ${reordered} out of order` : ''),
    `round trip ms: min ${ms(rttMs.min)}, median ${ms(rttMs.median)}, p95 ${ms(rttMs.p95)}, p99 ${ms(rttMs.p99)}, max ${ms(rttMs.max)}; jitter ${ms(jitterMs)} (RFC 3550)`,
  ];
}
