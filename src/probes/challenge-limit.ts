import { randomBytes } from 'node:crypto';
import type { ChallengeLimitObservation } from '../model/observations/challenge-limit.ts';
import { encode } from '../stun/message.ts';
import { allocate } from '../turn/requests.ts';
import { baseOf, type Probe } from './conversation.ts';
import { exchangeRaw, type RawRequest } from './raw-requests.ts';
import { attemptAllocation } from './turn-allocate.ts';

const REQUESTS = 200;

function request(): RawRequest {
  const id = randomBytes(12);
  const { method, attributes } = allocate();
  return { id, bytes: encode({ class: 'request', method, transactionId: id, attributes }) };
}

/** 200 Allocate requests without credentials at once, then one user who has some. */
export const probeChallengeLimit: Probe<ChallengeLimitObservation> = async (to, context) => {
  const base = { probe: 'challenge-limit' as const, ...baseOf(to), stagesMs: {} };
  const startedAtMs = context.clock.monotonic();
  const answers = await exchangeRaw(Array.from({ length: REQUESTS }, request), to, context);
  if ('outcome' in answers) return { ...base, ...answers };
  const lastedMs = context.clock.monotonic() - startedAtMs;
  const attempt = context.credential ? await attemptAllocation(to, context) : undefined;
  await attempt?.release();
  return {
    ...base,
    outcome: 'complete',
    sent: REQUESTS,
    challenged: answers.filter(answer => answer !== null).length,
    lastedMs,
    ...(attempt ? { validUserServed: attempt.observation.outcome === 'allocated' } : {}),
  };
};
