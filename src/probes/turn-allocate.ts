import type { AllocateObservation } from '../model/observations/turn-allocate.ts';
import { formatAddress, type TransportAddress } from '../model/transport.ts';
import type { Exchange, Result } from '../net/exchange.ts';
import { attribute } from '../stun/attributes.ts';
import { type AllocateOptions, allocate, type Granted, refresh } from '../turn/requests.ts';
import { describeAllocate, grantedBy, type Story } from './allocate-observation.ts';
import { ask, openExchange, type ProbeContext, remainingMs } from './conversation.ts';
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

/** coturn looks users up in several threads: the Refresh may be judged before the Allocate that it follows. */
const AGAIN_MS = 50;

/** Allocates from nothing, follows 300 (Try Alternate), and leaves the allocation held for what comes next. */
export async function attemptAllocation(
  to: Destination,
  context: ProbeContext,
  options: Omit<AllocateOptions, 'requestedTransport'> & {
    readonly requestedTransport?: Story['requestedTransport'];
  } = {},
): Promise<Attempt> {
  const { credential } = context;
  const { requestedTransport = 'udp' } = options;
  const asked = allocate(options);
  const alternates: TransportAddress[] = [];
  let requestsSent = 0;
  for (;;) {
    const server = alternates.at(-1) ?? to.server;
    const opened = await openExchange({ ...to, server }, context);
    const story = { to, requestedTransport, credential, stagesMs: opened.stagesMs, alternates };
    if ('failure' in opened) {
      const observation = describeAllocate({ ...story, requestsSent }, opened.failure);
      return { observation, release: async () => undefined };
    }
    const { exchange } = opened;
    const result = await ask(asked, { ...to, server }, exchange, context);
    requestsSent += result.requestsSent;
    const next = nextServer(result, [to.server, ...alternates]);
    if (next === undefined || typeof next === 'string') {
      const redirectEnd = next ? { redirectEnd: next } : {};
      return conclude({ ...story, requestsSent, ...redirectEnd }, exchange, result, context);
    }
    exchange.close();
    alternates.push(next);
  }
}

/** Where a 300 leads to, or why it is not followed; undefined for any other answer. */
function nextServer(
  { end }: Result,
  asked: readonly TransportAddress[],
): TransportAddress | NonNullable<Story['redirectEnd']> | undefined {
  if (!('response' in end) || end.kind !== 'failed' || end.error.code !== 300) return undefined;
  const alternate = attribute(end.response, 'ALTERNATE-SERVER');
  if (!alternate) return 'no-address';
  if (asked.map(formatAddress).includes(formatAddress(alternate))) return 'loop';
  return asked.length > MOST_REDIRECTS ? 'too-many' : alternate;
}

function conclude(story: Story, exchange: Exchange, result: Result, context: ProbeContext): Attempt {
  const { localAddress } = exchange.channel;
  const observation = describeAllocate(story, { result, localAddress });
  const granted = grantedBy(result);
  let released: Promise<Result | undefined> | undefined;
  const giveBack = async () => {
    const deletion = granted
      ? await remove(exchange, context)
      : mayHaveBeenGranted(result)
        ? await removeWhenThere(exchange, context)
        : undefined;
    exchange.close();
    return deletion;
  };
  const release = () => {
    released ??= giveBack();
    return released;
  };
  const held = granted && 'relayedAddresses' in granted ? { exchange, granted } : undefined;
  return { observation, release, ...(held && { held }) };
}

/** A request that was abandoned after the challenge, or interrupted, may have been granted while nobody listened. */
const mayHaveBeenGranted = ({ challenges, end }: Result): boolean =>
  'outcome' in end && (challenges.length > 0 || end.outcome === 'skipped');

/** Asks again while there is no allocation: it may still come. */
async function removeWhenThere(exchange: Exchange, context: ProbeContext): Promise<Result> {
  const { clock } = context;
  const untilMs = clock.monotonic() + RELEASE_MS;
  for (;;) {
    const result = await remove(exchange, context);
    if (!isMismatch(result) || clock.monotonic() + AGAIN_MS > untilMs) return result;
    await new Promise<void>(done => clock.schedule(AGAIN_MS, done));
  }
}

/** 437 (Allocation Mismatch). */
const isMismatch = ({ end }: Result): boolean =>
  'response' in end && end.kind === 'failed' && end.error.code === 437;

async function remove(exchange: Exchange, context: ProbeContext): Promise<Result> {
  const pending = exchange.request(refresh(0));
  pending.giveUpIn(context.signal.aborted ? RELEASE_MS : Math.max(RELEASE_MS, remainingMs(context)));
  return pending.result;
}
