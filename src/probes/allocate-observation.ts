import type { AllocateObservation } from '../model/observations/turn-allocate.ts';
import type { Failure, StagesMs } from '../model/outcome.ts';
import type { TransportAddress } from '../model/transport.ts';
import type { Refused, Result } from '../net/exchange.ts';
import { attribute } from '../stun/attributes.ts';
import { type Granted, readGranted } from '../turn/requests.ts';
import { baseOf, errorResponse } from './conversation.ts';
import type { ProbeCredential } from './credential.ts';
import type { Destination } from './plan.ts';

/** What an attempt to allocate went through. */
export interface Story {
  readonly to: Destination;
  readonly requestedTransport: AllocateObservation['requestedTransport'];
  readonly credential: ProbeCredential | undefined;
  /** Until the channel was open. */
  readonly stagesMs: StagesMs;
  /** Servers to which a 300 led, in order. */
  readonly alternates: readonly TransportAddress[];
  /** To all of them. */
  readonly requestsSent: number;
  readonly redirectEnd?: AllocateObservation['redirectEnd'];
}

/** How it ended: with an answer, or before there could be one. */
type Ending = Failure | { readonly result: Result; readonly localAddress: TransportAddress };

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Outcome = DistributiveOmit<AllocateObservation, keyof ReturnType<typeof common>>;

/** What a success response to Allocate grants, or why it grants nothing. Undefined when there was no success. */
export function grantedBy({ end }: Result): Granted | { readonly malformed: string } | undefined {
  return 'response' in end && end.kind === 'succeeded' ? readGranted(end.response) : undefined;
}

/** The observation of one attempt. */
export function describeAllocate(story: Story, ending: Ending): AllocateObservation {
  if ('outcome' in ending) return { ...common(story, story.stagesMs, []), ...ending };
  const { result } = ending;
  return { ...common(story, stagesOf(story, result), answersOf(result)), ...outcomeOf(story, ending) };
}

function common(
  { to, requestedTransport, credential, requestsSent, alternates, redirectEnd }: Story,
  stagesMs: StagesMs,
  answers: readonly Pick<Refused, 'response'>[],
) {
  const first = (name: 'REALM' | 'SOFTWARE'): string | undefined =>
    answers.map(({ response }) => attribute(response, name)).find(value => value !== undefined);
  const realm = first('REALM');
  const software = first('SOFTWARE');
  const alternate = alternates.at(-1);
  return {
    probe: 'turn-allocate' as const,
    ...baseOf(to),
    stagesMs,
    requestedTransport,
    requestsSent,
    ...(credential && { username: credential.username, credential: credential.kind }),
    ...(realm !== undefined && { realm }),
    ...(software !== undefined && { software }),
    ...(alternate && { alternate }),
    ...(redirectEnd && { redirectEnd }),
  };
}

const answersOf = ({ challenges, end }: Result): readonly Pick<Refused, 'response'>[] =>
  'response' in end ? [...challenges, end] : challenges;

/** Whether the answer is the 401 that opens every authentication, and there was nothing to go on with. */
const isUnmetChallenge = ({ challenges, end }: Result): boolean =>
  challenges.length === 0 && 'response' in end && end.kind === 'failed' && end.error.code === 401;

function stagesOf({ stagesMs }: Story, result: Result): StagesMs {
  const answer = 'response' in result.end ? result.end : undefined;
  const unmet = isUnmetChallenge(result);
  const challenge = unmet ? answer : result.challenges[0];
  return {
    ...stagesMs,
    ...(challenge && { challenge: challenge.elapsedMs }),
    ...(answer && !unmet && { allocate: answer.elapsedMs }),
  };
}

function outcomeOf(
  { alternates, credential }: Story,
  { result, localAddress }: Exclude<Ending, Failure>,
): Outcome {
  const { challenges, end } = result;
  const after = challenges.length > 0 ? { afterChallenge: true } : {};
  if ('outcome' in end) return { ...end, ...after };
  if (end.kind === 'failed') {
    // A 401 without REALM or NONCE cannot be met even with credentials: that is the server's fault.
    const challenged = isUnmetChallenge(result) && credential === undefined;
    return challenged ? { outcome: 'challenged' } : { ...errorResponse(end), ...after };
  }
  const granted = readGranted(end.response);
  if ('malformed' in granted) return { outcome: 'invalid-response', problem: granted.malformed, ...after };
  const { relayedAddresses, mappedAddress, lifetimeSeconds } = granted;
  return {
    outcome: 'allocated',
    challenged: challenges.length > 0,
    relayedAddress: relayedAddresses[0],
    mappedAddress,
    localAddress,
    lifetimeSeconds,
    integrity: end.integrity,
    retries: [...alternates.map(() => 300), ...challenges.slice(1).map(({ error }) => error.code)],
  };
}
