import type { AllocateObservation, Failure, StagesMs } from '../model/observation.ts';
import { formatAddress, type TransportAddress } from '../model/transport.ts';
import type { Exchange, Refused, Result, Succeeded } from '../net/exchange.ts';
import { attribute } from '../stun/attributes.ts';
import { allocate, type Granted, readGranted, refresh } from '../turn/requests.ts';
import {
  ask,
  baseOf,
  errorResponse,
  type Opened,
  openExchange,
  type ProbeContext,
  remainingMs,
} from './conversation.ts';
import type { Destination } from './plan.ts';

/** An allocation that is held, or the remains of an attempt. */
export interface Attempt {
  readonly observation: AllocateObservation;
  /** Present when the outcome is `allocated`. */
  readonly held?: { readonly exchange: Exchange; readonly granted: Granted };
  /** Gives back with a Refresh of LIFETIME 0 (RFC 8656 §8), also after an abort, and closes the conversation; once. */
  release(): Promise<Result | undefined>;
}

/** RFC 8489 §10: a server may send the client on, and that one again. */
const MOST_REDIRECTS = 3;

/** Time that giving back may take beyond the deadline: over UDP that is two sends. */
const RELEASE_MS = 500;

type Relaying = AllocateObservation['requestedTransport'];

/** Allocates from nothing, follows 300 (Try Alternate), and leaves the allocation held for what comes next. */
export async function attemptAllocation(
  to: Destination,
  context: ProbeContext,
  requestedTransport: Relaying = 'udp',
): Promise<Attempt> {
  const visited: TransportAddress[] = [];
  const redirects: number[] = [];
  let requestsSent = 0;
  for (let server = to.server; ; ) {
    visited.push(server);
    const opened = await openExchange({ ...to, server }, context);
    if ('failure' in opened) {
      return closed(describe(to, context, requestedTransport, opened.stagesMs, requestsSent, opened.failure));
    }
    const result = await ask(allocate({ requestedTransport }), { ...to, server }, opened.exchange, context);
    requestsSent += result.requestsSent;
    const next = alternateOf(result);
    const again = next && visited.some(seen => formatAddress(seen) === formatAddress(next));
    if (!next || again || redirects.length === MOST_REDIRECTS) {
      return conclude(to, context, requestedTransport, opened, { ...result, requestsSent }, redirects);
    }
    opened.exchange.close();
    redirects.push(300);
    server = next;
  }
}

function alternateOf({ end }: Result): TransportAddress | undefined {
  return 'response' in end && end.kind === 'failed' && end.error.code === 300
    ? attribute(end.response, 'ALTERNATE-SERVER')
    : undefined;
}

const closed = (observation: AllocateObservation): Attempt => ({
  observation,
  release: () => Promise.resolve(undefined),
});

function conclude(
  to: Destination,
  context: ProbeContext,
  requestedTransport: Relaying,
  opened: Opened,
  result: Result,
  redirects: readonly number[],
): Attempt {
  const { exchange } = opened;
  const { end, challenges } = result;
  const granted = 'response' in end && end.kind === 'succeeded' ? readGranted(end.response) : undefined;
  const ending =
    granted && 'relayedAddresses' in granted
      ? grantedEnding(result, granted, exchange, redirects)
      : failedEnding(result, granted);
  const observation = describe(
    to,
    context,
    requestedTransport,
    stagesOf(opened, result),
    result.requestsSent,
    ending,
    result,
  );
  // A request that was abandoned may have been granted all the same.
  const abandoned = 'outcome' in end && (challenges.length > 0 || end.outcome === 'skipped');
  let deletion: Promise<Result | undefined> | undefined;
  const give = async () => {
    const deleted = granted || abandoned ? await giveBack(exchange, context) : undefined;
    exchange.close();
    return deleted;
  };
  const release = () => {
    deletion ??= give();
    return deletion;
  };
  const held = granted && 'relayedAddresses' in granted ? { exchange, granted } : undefined;
  return { observation, release, ...(held && { held }) };
}

async function giveBack(exchange: Exchange, context: ProbeContext): Promise<Result> {
  const pending = exchange.request(refresh(0));
  pending.giveUpIn(context.signal.aborted ? RELEASE_MS : Math.max(RELEASE_MS, remainingMs(context)));
  return pending.result;
}

function stagesOf({ stagesMs }: Opened, { challenges, end }: Result): StagesMs {
  const final = 'response' in end ? end : undefined;
  const unanswered = final?.kind === 'failed' && final.error.code === 401 && challenges.length === 0;
  const challenge = unanswered ? final : challenges[0];
  return {
    ...stagesMs,
    ...(challenge && { challenge: challenge.elapsedMs }),
    ...(final && !unanswered && { allocate: final.elapsedMs }),
  };
}

type Ending = DistributiveOmit<AllocateObservation, keyof Common>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Common = Pick<
  AllocateObservation,
  | 'probe'
  | 'uri'
  | 'transport'
  | 'server'
  | 'stagesMs'
  | 'requestedTransport'
  | 'requestedFamily'
  | 'username'
  | 'credential'
  | 'realm'
  | 'software'
  | 'requestsSent'
>;

function grantedEnding(
  { challenges, end }: Result,
  { relayedAddresses: [relayedAddress], mappedAddress, lifetimeSeconds }: Granted,
  { channel }: Exchange,
  redirects: readonly number[],
): Ending {
  const codes = challenges.map(({ error }) => error.code);
  return {
    outcome: 'allocated',
    challenged: challenges.length > 0,
    relayedAddress,
    mappedAddress,
    localAddress: channel.localAddress,
    lifetimeSeconds,
    integrity: (end as Succeeded).integrity,
    retries: [...redirects, ...codes.slice(1)],
  };
}

function failedEnding(
  { challenges, end }: Result,
  granted: { readonly malformed?: string } | undefined,
): Ending {
  const after = challenges.length > 0 ? { afterChallenge: true } : {};
  if ('outcome' in end) return { ...end, ...after };
  if (end.kind === 'failed') {
    const unanswerable =
      end.error.code === 401 && challenges.length === 0 && attribute(end.response, 'REALM') !== undefined;
    return unanswerable ? { outcome: 'challenged' } : { ...errorResponse(end), ...after };
  }
  return {
    outcome: 'invalid-response',
    problem: granted?.malformed ?? 'no valid Allocate response',
    ...after,
  };
}

/** Fills in what every Allocate observation says. */
function describe(
  to: Destination,
  { credential }: ProbeContext,
  requestedTransport: Relaying,
  stagesMs: StagesMs,
  requestsSent: number,
  ending: Ending | Failure,
  result?: Result,
): AllocateObservation {
  const answers = result ? responsesOf(result) : [];
  const realm = answers
    .map(({ response }) => attribute(response, 'REALM'))
    .find(found => found !== undefined);
  const software = answers
    .map(({ response }) => attribute(response, 'SOFTWARE'))
    .find(found => found !== undefined);
  return {
    probe: 'turn-allocate',
    ...baseOf(to),
    stagesMs,
    requestedTransport,
    requestsSent,
    ...(credential && { username: credential.username, credential: credential.kind }),
    ...(realm !== undefined && { realm }),
    ...(software !== undefined && { software }),
    ...ending,
  };
}

const responsesOf = ({ challenges, end }: Result): readonly Pick<Refused, 'response'>[] =>
  'response' in end ? [...challenges, end] : challenges;
