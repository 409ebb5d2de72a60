import { randomBytes } from 'node:crypto';
import type { AuthTry, WrongCredential } from '../model/observations/turn-auth.ts';
import type { Failure } from '../model/outcome.ts';
import type { Result } from '../net/exchange.ts';
import type { Attribute } from '../stun/attributes.ts';
import { longTermKey } from '../stun/integrity.ts';
import { encode } from '../stun/message.ts';
import type { LongTermCredential } from '../turn/authentication.ts';
import { refresh } from '../turn/requests.ts';
import { ask, converse, type ProbeContext } from './conversation.ts';
import type { Destination } from './plan.ts';

/**
 * What is asked to learn whether credentials are accepted: it is challenged and authenticated like an Allocate, answered with
 * 437 where there is no allocation, and takes no port and no quota.
 */
const QUESTION = refresh(0);

/** A realm that nobody has (RFC 6761 §6.4). */
const FOREIGN_REALM = 'turnctl.invalid';

/** Asks with a credential, or without any, over a fresh 5-tuple: two round trips. */
export const askWith = (
  credential: LongTermCredential | undefined,
  to: Destination,
  context: ProbeContext,
): Promise<Result | Failure> =>
  converse<Result | Failure>(
    to,
    { ...context, credential: credential && { ...credential, kind: 'static' } },
    exchange => ask(QUESTION, to, exchange, context),
    failure => failure,
  );

/** What the server made of credentials; silence where it said nothing to them. */
export function readTry(attempt: Result | Failure): AuthTry {
  const end = 'end' in attempt ? attempt.end : attempt;
  if ('outcome' in end || !('end' in attempt) || attempt.challenges.length === 0) {
    return { answer: null, ms: null, sizeBytes: null };
  }
  const code = end.kind === 'failed' ? end.error.code : 200;
  return {
    answer: code === 200 || code === 437 ? 'accepted' : code,
    ms: end.elapsedMs,
    sizeBytes: encode(end.response).length,
  };
}

const random = (): string => randomBytes(12).toString('hex');

/** Whom nobody knows, with a password that nobody has. */
export const stranger = (): LongTermCredential => ({ username: `turnctl-${random()}`, password: random() });

/** Credentials that must be refused, made from sound ones (`expired` needs a secret and is made elsewhere). */
export function spoilt(
  kind: Exclude<WrongCredential, 'expired'>,
  sound: LongTermCredential,
): LongTermCredential {
  const { username, password } = sound;
  switch (kind) {
    case 'wrong-password':
      return { username, password: random() };
    case 'unknown-user':
      return stranger();
    case 'garbled-integrity':
      return {
        ...sound,
        spoil: ({ attributes, integrity }) => ({
          attributes,
          ...(integrity && { integrity: { ...integrity, key: integrity.key.map(byte => byte ^ 0xff) } }),
        }),
      };
    case 'no-integrity':
      return { ...sound, spoil: ({ attributes }) => ({ attributes }) };
    case 'foreign-realm':
      return {
        ...sound,
        spoil: ({ attributes, integrity }) => ({
          attributes: attributes.map(
            (attribute): Attribute =>
              attribute.name === 'REALM' ? { name: 'REALM', value: FOREIGN_REALM } : attribute,
          ),
          ...(integrity && {
            integrity: {
              ...integrity,
              key: longTermKey(
                { username, realm: FOREIGN_REALM, password },
                integrity.algorithm === 'sha256' ? 'sha256' : 'md5',
              ),
            },
          }),
        }),
      };
  }
}
