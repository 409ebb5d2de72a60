import { setMaxListeners } from 'node:events';
import type { Observation } from '../model/observation.ts';
import type { DnsObservation } from '../model/observations/dns.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import type { Clock, Net } from '../net/net.ts';
import type { ProbeContext, ProbeEvent } from './conversation.ts';
import type { CredentialSource } from './credential.ts';
import { discover } from './dns-discovery.ts';
import { Gate } from './gate.ts';
import { converseAbout } from './index.ts';
import { Patience } from './patience.ts';
import { type Conversation, planConversations, type ResolvedTarget, type Step } from './plan.ts';
import type { ProbeSettings } from './settings.ts';

/** 5 s: long enough for five sends of a request over UDP. */
const DEFAULT_TIMEOUT_MS = 5000;

/** A name that takes longer leaves too little time for the server. */
const MOST_FOR_DNS_MS = 2000;

/** Conversations that pass the gate of `allocated`. */
const ALLOCATING: ReadonlySet<Conversation['kind']> = new Set(['relay-session', 'turn-tcp-relay']);

export interface RunOptions {
  readonly uris: readonly ServerUri[];
  /** The domain to ask for SRV and NAPTR records, where that step is taken. */
  readonly domain?: string | undefined;
  readonly steps: ReadonlySet<Step>;
  readonly credential?: CredentialSource | undefined;
  /** How single probes go about it, where the operator wants it otherwise. */
  readonly settings?: ProbeSettings | undefined;
  /** For everything together; giving allocations back may take half a second more. Default 5 s. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: ProbeEvent) => void;
}

/**
 * Resolves all names, then has all conversations at the same time: it takes as long as the slowest of them. Over UDP
 * requests are resent at 0.25, 0.75, 1.75 s and each quarter of a second from then on, which is sooner, and for a shorter
 * time, than the 39.5 s of RFC 8489 §6.2.1. After an abort it returns as soon as every allocation was given back.
 */
export async function runProbes(
  net: Net,
  clock: Clock,
  options: RunOptions,
): Promise<readonly Observation[]> {
  const {
    uris,
    domain,
    steps,
    credential,
    settings = {},
    timeoutMs = DEFAULT_TIMEOUT_MS,
    onEvent = () => {},
  } = options;
  const signal = AbortSignal.any([options.signal]);
  // Every request under way listens to it.
  setMaxListeners(0, signal);
  const context: ProbeContext = {
    net,
    clock,
    deadlineMs: clock.monotonic() + timeoutMs,
    signal,
    patience: new Patience(clock),
    allocated: new Gate(clock, 0),
    settings,
    onEvent,
  };
  const lookUp = (some: readonly ServerUri[]) =>
    Promise.all(some.map(uri => resolve(uri, context, Math.min(MOST_FOR_DNS_MS, timeoutMs / 2))));
  const [given, discovered] = await Promise.all([
    lookUp(uris),
    domain !== undefined && steps.has('dns-discovery') ? discover(domain, context) : undefined,
  ]);
  const asked = new Set(uris.map(formatUri));
  const names = [
    ...given,
    ...(await lookUp((discovered?.uris ?? []).filter(uri => !asked.has(formatUri(uri))))),
  ];
  const targets = names.map(({ target }) => target);
  const conversations = planConversations({ targets, steps, credentials: credential !== undefined });
  let more = conversations.length;
  const anotherCredential = credential && (() => credential(more++));
  const allocated = new Gate(clock, conversations.filter(({ kind }) => ALLOCATING.has(kind)).length);
  const observed = await Promise.all(
    conversations.map((conversation, index) =>
      converseAbout(conversation, {
        ...context,
        allocated,
        credential: credential?.(index),
        anotherCredential,
      }),
    ),
  );
  return [
    ...names.map(({ observation }) => observation),
    ...(discovered ? [discovered.observation] : []),
    ...observed.flat(),
  ];
}

async function resolve(
  uri: ServerUri,
  { net, signal, onEvent }: ProbeContext,
  timeoutMs: number,
): Promise<{ readonly target: ResolvedTarget; readonly observation: DnsObservation }> {
  onEvent({ waitingFor: `the address of ${uri.host}` });
  const answer = await net.resolve(uri.host, { timeoutMs, signal });
  const base = {
    probe: 'dns' as const,
    uri: formatUri(uri),
    transport: uri.transport,
    stagesMs: { dns: answer.ms },
  };
  return 'ips' in answer
    ? { target: { uri, ips: answer.ips }, observation: { ...base, outcome: 'resolved', ips: answer.ips } }
    : { target: { uri, ips: [] }, observation: { ...base, outcome: 'unresolved', error: answer.error } };
}
