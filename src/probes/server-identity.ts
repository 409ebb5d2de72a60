import type { IdentityObservation } from '../model/observations/server-identity.ts';
import type { Failure } from '../model/outcome.ts';
import type { Result } from '../net/exchange.ts';
import { attribute } from '../stun/attributes.ts';
import type { StunMessage } from '../stun/message.ts';
import { refresh } from '../turn/requests.ts';
import { ask, baseOf, converse, type Probe } from './conversation.ts';
import { BINDING } from './stun-binding.ts';

/** With two servers behind one port, all of them land on the same one in 1 of 2048 runs. */
const FRESH_5_TUPLES = 12;

type Face = Omit<Extract<IdentityObservation, { outcome: 'complete' }>['faces'][number], 'count'>;

/**
 * Several fresh 5-tuples to one UDP listener. The request is a Refresh with LIFETIME 0 for an allocation that does not
 * exist: it is challenged and authenticated like an Allocate (437 is the answer to it), and takes no port and no quota.
 * A `stun:` URI is asked by Binding, which shows no more than SOFTWARE.
 */
export const probeIdentity: Probe<IdentityObservation> = async (to, context) => {
  const base = { probe: 'server-identity' as const, ...baseOf(to), stagesMs: {} };
  const request = to.uri.scheme.startsWith('turn') ? refresh(0) : BINDING;
  const attempts = await Promise.all(
    Array.from({ length: FRESH_5_TUPLES }, () =>
      converse<Result | Failure>(
        to,
        context,
        exchange => ask(request, to, exchange, context),
        failure => failure,
      ),
    ),
  );
  const results = attempts.filter(attempt => 'end' in attempt);
  const answered = results.filter(({ end, challenges }) => 'response' in end || challenges.length > 0);
  const [failure] = attempts.map(attempt => ('end' in attempt ? attempt.end : attempt));
  if (answered.length === 0 && failure && 'outcome' in failure) return { ...base, ...failure };
  return {
    ...base,
    outcome: 'complete',
    asked: attempts.length,
    answered: answered.length,
    faces: facesOf(answered),
    ...(context.credential ? tally(answered) : { staleOnFirstTry: 0, rejected: 0, authenticated: 0 }),
  };
};

function tally(results: readonly Result[]): {
  staleOnFirstTry: number;
  rejected: number;
  authenticated: number;
} {
  const codes = results.map(({ end }) => ('response' in end && end.kind === 'failed' ? end.error.code : 200));
  return {
    // The first challenge is the 401; a 438 after it refuses a nonce that was given a moment ago.
    staleOnFirstTry: results.filter(({ challenges }) => challenges[1]?.error.code === 438).length,
    rejected: codes.filter(code => code === 401 || code === 438).length,
    authenticated: codes.filter(code => code === 200 || code === 437).length,
  };
}

function facesOf(results: readonly Result[]): readonly (Face & { readonly count: number })[] {
  const counts = new Map<string, Face & { count: number }>();
  for (const result of results) {
    const face = faceOf(result);
    if (!face) continue;
    const key = JSON.stringify(face);
    const known = counts.get(key) ?? { ...face, count: 0 };
    known.count += 1;
    counts.set(key, known);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** What the first challenge shows of the server behind it. */
function faceOf({ challenges: [first], end }: Result): Face | undefined {
  const response: StunMessage | undefined = first?.response ?? ('response' in end ? end.response : undefined);
  if (!response) return undefined;
  return {
    realm: attribute(response, 'REALM') ?? '',
    software: attribute(response, 'SOFTWARE') ?? '',
    nonceLength: attribute(response, 'NONCE')?.length ?? 0,
  };
}
