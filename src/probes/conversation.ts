import type { Observation } from '../model/observation.ts';
import type { Failure, StagesMs } from '../model/outcome.ts';
import { formatUri } from '../model/target.ts';
import { formatAddress, type Transport, type TransportAddress } from '../model/transport.ts';
import { Exchange, type ExchangeOptions, type Refused, type Result } from '../net/exchange.ts';
import type { Clock, Net } from '../net/net.ts';
import { scheduleWithin } from '../stun/retransmission.ts';
import type { TurnRequest } from '../turn/requests.ts';
import type { ProbeCredential } from './credential.ts';
import type { Gate } from './gate.ts';
import type { Patience } from './patience.ts';
import type { Destination } from './plan.ts';
import type { ProbeSettings } from './settings.ts';

/** Progress, for a person who waits. */
export interface ProbeEvent {
  /** `Binding from 203.0.113.10:3478/udp, 2 of 5 sends`. */
  readonly waitingFor: string;
}

/** What every conversation is given. */
export interface ProbeContext {
  readonly net: Net;
  readonly clock: Clock;
  /** On `clock.monotonic()`: nothing is waited for beyond it, except the release of an allocation. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly credential?: ProbeCredential | undefined;
  /** One of its own for an allocation beside the first, where credentials are issued: quotas count by name. */
  readonly anotherCredential?: (() => ProbeCredential) | undefined;
  readonly patience: Patience;
  /** Passed by each conversation that allocates for its own sake: whoever allocates beside it waits, for the quota's sake. */
  readonly allocated: Gate;
  readonly settings: ProbeSettings;
  readonly onEvent: (event: ProbeEvent) => void;
}

/** One probe: a conversation that ends in an observation, never in an exception which the field could cause. */
export type Probe<T extends Observation> = (to: Destination, context: ProbeContext) => Promise<T>;

/** What all observations of one conversation have in common. */
export function baseOf({ uri, server }: Destination): {
  uri: string;
  transport: Transport;
  server: TransportAddress;
} {
  return { uri: formatUri(uri), transport: uri.transport, server };
}

/** `203.0.113.10:3478/udp`: one listener of a server. */
export const listenerOf = ({ uri, server }: Destination): string =>
  `${formatAddress(server)}/${uri.transport}`;

/** Milliseconds until the deadline, never below 1. */
export const remainingMs = ({ clock, deadlineMs }: ProbeContext): number =>
  Math.max(1, deadlineMs - clock.monotonic());

const INTERRUPTED: Failure = { outcome: 'skipped', reason: 'interrupted' };

/** What an error response comes to, as an observation. */
export const errorResponse = ({ error }: Refused): Failure => ({ outcome: 'error-response', ...error });

/** A conversation that is open, with the times of the stages it took to get there. */
export interface Opened {
  readonly exchange: Exchange;
  readonly stagesMs: StagesMs;
}

/** Opens the channel of a conversation. */
export async function openExchange(
  to: Destination,
  context: ProbeContext,
  options: Pick<ExchangeOptions, 'control' | 'fingerprint'> = {},
): Promise<Opened | { readonly failure: Failure; readonly stagesMs: StagesMs }> {
  const { net, clock, signal, credential, onEvent } = context;
  if (signal.aborted) return { failure: INTERRUPTED, stagesMs: {} };
  const { transport } = to.uri;
  if (transport !== 'udp') onEvent({ waitingFor: `a connection to ${listenerOf(to)}` });
  const timeoutMs = remainingMs(context);
  const opening = await net.open({ transport, server: to.server, name: to.uri.host, timeoutMs, signal });
  if ('failure' in opening) return opening;
  const exchange = new Exchange(opening.channel, clock, {
    ...options,
    credential,
    patienceMs: remainingMs(context),
  });
  return { exchange, stagesMs: opening.stagesMs };
}

/** Opens a conversation, has it, and closes it whatever happens. */
export async function converse<T>(
  to: Destination,
  context: ProbeContext,
  talk: (exchange: Exchange, stagesMs: StagesMs) => Promise<T>,
  onFailure: (failure: Failure, stagesMs: StagesMs) => T,
): Promise<T> {
  const opened = await openExchange(to, context);
  if ('failure' in opened) return onFailure(opened.failure, opened.stagesMs);
  try {
    return await talk(opened.exchange, opened.stagesMs);
  } finally {
    opened.exchange.close();
  }
}

/**
 * Asks and waits: until the deadline at most, less where the listener is known to answer. An abort ends the wait and
 * leaves the exchange open, because an allocation must still be given back.
 */
export async function ask(
  asked: TurnRequest,
  to: Destination,
  exchange: Exchange,
  context: ProbeContext,
): Promise<Result> {
  const { signal, patience, onEvent } = context;
  if (signal.aborted) return { challenges: [], requestsSent: 0, end: INTERRUPTED };
  const listener = listenerOf(to);
  const planned = to.uri.transport === 'udp' ? scheduleWithin(remainingMs(context)).sendAtMs.length : 1;
  let sends = 0;
  exchange.onSend = () => {
    sends += 1;
    const resent = sends > 1 ? `, ${sends} of ${Math.max(sends, planned)} sends` : '';
    onEvent({ waitingFor: `${WORDS[asked.method] ?? asked.method} from ${listener}${resent}` });
  };
  const interrupt = () => exchange.abandon(INTERRUPTED);
  signal.addEventListener('abort', interrupt, { once: true });
  const pending = exchange.request(asked);
  pending.giveUpIn(remainingMs(context));
  patience.limit(listener, pending);
  const result = await pending.result;
  signal.removeEventListener('abort', interrupt);
  exchange.onSend = () => {};
  const answers = [...result.challenges, ...('response' in result.end ? [result.end] : [])];
  for (const [earlierTries, { elapsedMs, requestsSent }] of answers.entries()) {
    patience.answered(
      listener,
      elapsedMs,
      to.uri.transport === 'udp' ? requestsSent - earlierTries : undefined,
    );
  }
  return { ...result, end: patience.judge(listener, result.end) };
}

const WORDS: { readonly [method: string]: string } = {
  binding: 'Binding',
  allocate: 'Allocate',
  refresh: 'Refresh',
  createPermission: 'CreatePermission',
  channelBind: 'ChannelBind',
  connect: 'Connect',
  connectionBind: 'ConnectionBind',
};
