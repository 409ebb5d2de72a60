import type { Reply, TrialResults } from '../../model/observations/turn-trial.ts';
import type { Failure } from '../../model/outcome.ts';
import type { Result } from '../../net/exchange.ts';
import { attribute } from '../../stun/attributes.ts';
import { securityFeatures } from '../../turn/authentication.ts';
import { allocate, refresh } from '../../turn/requests.ts';
import { ask, converse, openExchange, type ProbeContext } from '../conversation.ts';
import type { Destination } from '../plan.ts';
import { complete, replyOf, skipped, type Trial } from './trial.ts';

/** How the server challenges (RFC 8489 §9.2.4), on two 5-tuples. */
export const challenge: Trial<'challenge'> = async (to, context) => {
  const [first, second] = await Promise.all([challenged(to, context), challenged(to, context)]);
  const response = responseOf(first);
  if (!response) return 'end' in first && 'outcome' in first.end ? first.end : skipped('no challenge came');
  const [nonce, other] = [response, responseOf(second)].map(from => from && attribute(from, 'NONCE'));
  const announced = securityFeatures(nonce ?? '');
  const features: TrialResults['challenge']['features'] = [
    ...(announced.passwordAlgorithms ? (['password-algorithms'] as const) : []),
    ...(announced.usernameAnonymity ? (['username-anonymity'] as const) : []),
  ];
  return complete({
    realm: attribute(response, 'REALM') ?? null,
    nonceLength: nonce?.length ?? null,
    features,
    sharedNonce: nonce !== undefined && nonce === other,
  });
};

const responseOf = (result: Result | Failure) =>
  'end' in result && 'response' in result.end && result.end.kind === 'failed'
    ? result.end.response
    : undefined;

const challenged = (to: Destination, context: ProbeContext): Promise<Result | Failure> => {
  const anonymous = { ...context, credential: undefined };
  return converse<Result | Failure>(
    to,
    anonymous,
    exchange => ask(allocate(), to, exchange, anonymous),
    failure => failure,
  );
};

/**
 * Signs a request with the nonce of another 5-tuple, which is as good as an old one: 438 and a new nonce are the answer
 * (RFC 8489 §9.2.4). The request is a Refresh without an allocation, which costs the server nothing (437 is its end).
 */
export const staleNonce: Trial<'stale-nonce'> = async (to, context) => {
  const taught = await openExchange(to, context);
  if ('failure' in taught) return taught.failure;
  const { exchange: control } = taught;
  try {
    const learnt = await ask(refresh(0), to, control, context);
    if (learnt.challenges.length === 0) return skipped('the server does not challenge');
    const opened = await openExchange(to, context, { control });
    if ('failure' in opened) return opened.failure;
    const result = await ask(refresh(0), to, opened.exchange, context);
    opened.exchange.close();
    return complete(judged(learnt, result));
  } finally {
    control.close();
  }
};

function judged(learnt: Result, result: Result): TrialResults['stale-nonce'] {
  const [met] = result.challenges;
  const end = replyOf(result);
  const reply: Reply = met ? met.error.code : end;
  const before = learnt.challenges[0] && attribute(learnt.challenges[0].response, 'NONCE');
  const renewed = met !== undefined && attribute(met.response, 'NONCE') !== before;
  // Whatever comes after authentication, be it 437, says that the nonce was taken.
  return { reply, renewed, accepted: met !== undefined && end !== null && end !== 401 && end !== 438 };
}
