import type { Reply } from '../../model/observations/turn-trial.ts';
import { type Attempt, attemptAllocation } from '../turn-allocate.ts';
import { complete, lasting, skipped, type Trial } from './trial.ts';

/** Enough for any `user-quota` that is meant to bound one user, and few ports of a range. */
const DEFAULT_LIMIT = 50;
/** For each allocation; the limit bounds the whole. */
const EACH_MS = 2000;

/** Allocates as one user until refused: where `user-quota`, `total-quota` or the ports end (RFC 8656 §7.2). */
export const quota: Trial<'quota'> = async (to, context) => {
  const limit = context.settings.relay?.quotaLimit ?? DEFAULT_LIMIT;
  const held: Attempt[] = [];
  let stoppedBy: Reply = 'granted';
  try {
    while (held.length < limit && !context.signal.aborted) {
      const attempt = await attemptAllocation(to, lasting(context, EACH_MS));
      held.push(attempt);
      if (attempt.held) continue;
      const { observation } = attempt;
      stoppedBy = observation.outcome === 'error-response' ? observation.code : null;
      break;
    }
  } finally {
    await Promise.all(held.map(({ release }) => release()));
  }
  if (context.signal.aborted) return skipped('interrupted');
  return complete({ granted: held.filter(attempt => attempt.held).length, limit, stoppedBy });
};
