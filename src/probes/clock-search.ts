import type { ClockBounds } from '../model/observations/turn-auth.ts';

/** What a server said to a credential, with the times between which it must have looked at it (milliseconds since 1970). */
export interface ExpiryTry {
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly accepted: boolean;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** Closer than this in seconds needs luck: both clocks count whole seconds. */
const CLOSE_ENOUGH = 3;

/** First the seconds that a sound clock is within, then what clocks are usually wrong by. */
const LADDER: readonly number[] = [2, -2, 8, -8, 30, -30, 300, -300, 3600, -3600, 86_400, -86_400];

/**
 * The bounds that all tries together put on the server's clock. coturn refuses a time that is past in whole seconds, so that
 * a time just accepted may be up to a second behind its clock.
 */
export function boundsOf(tries: readonly ExpiryTry[]): ClockBounds {
  const ahead = (expiresAt: number, atMs: number): number => expiresAt - atMs / 1000;
  const accepted = tries.filter(t => t.accepted).map(t => ahead(t.expiresAt, t.sentAtMs) + 1);
  const refused = tries.filter(t => !t.accepted).map(t => ahead(t.expiresAt, t.answeredAtMs));
  return {
    atLeastSeconds: refused.length === 0 ? null : Math.max(...refused),
    atMostSeconds: accepted.length === 0 ? null : Math.min(...accepted),
    tries: tries.length,
  };
}

/** How many seconds from now the next credential should expire; undefined when the clock is known as well as it can be. */
export function nextExpiry({ atLeastSeconds, atMostSeconds }: ClockBounds): number | undefined {
  if (atLeastSeconds === null || atMostSeconds === null) return undefined;
  if (atMostSeconds - atLeastSeconds <= CLOSE_ENOUGH) return undefined;
  const rung = LADDER.find(seconds => seconds > atLeastSeconds + 0.5 && seconds + 1 < atMostSeconds - 0.5);
  return rung ?? (atLeastSeconds + atMostSeconds - 1) / 2;
}
