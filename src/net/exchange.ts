import { randomBytes } from 'node:crypto';
import type { Failure } from '../model/outcome.ts';
import type { TransportAddress } from '../model/transport.ts';
import { scheduleWithin, sentOnce } from '../stun/retransmission.ts';
import { Allocation, type AllocationStep } from '../turn/allocation.ts';
import type { LongTermCredential } from '../turn/authentication.ts';
import { isChannelData } from '../turn/channel-data.ts';
import type { AllocationEvent } from '../turn/events.ts';
import type { TurnRequest } from '../turn/requests.ts';
import type { Channel, Clock } from './net.ts';

type Event<K extends AllocationEvent['kind']> = Extract<AllocationEvent, { kind: K }>;

type Challenged = Event<'challenged'>;
export type Succeeded = Event<'succeeded'>;
export type Refused = Event<'failed'>;
export type PeerData = Event<'data'>;

/** How a request went: the 401 and 438 answered on the way, and what came in the end. */
export interface Result {
  readonly challenges: readonly Challenged[];
  /** In all; one for each try when nothing is lost. */
  readonly requestsSent: number;
  readonly end: Succeeded | Refused | Failure;
}

/** A request under way. */
export interface Pending {
  readonly result: Promise<Result>;
  /** Whether a 401 or 438 has come, so that the server is certainly there. */
  readonly challenged: boolean;
  /** Waits no longer than this from now on; never lengthens the wait. */
  giveUpIn(ms: number): void;
}

export interface ExchangeOptions {
  readonly credential?: LongTermCredential | undefined;
  /** How long each request may take at most. Over UDP it is resent in that time, see `scheduleWithin`. */
  readonly patienceMs: number;
  /** The exchange whose challenge holds here too: RFC 6062 data connections, and a nonce taken elsewhere on purpose. */
  readonly control?: Exchange | undefined;
  /** Default true. */
  readonly fingerprint?: boolean;
}

/** RTO before anything was answered, and the least afterwards, whatever the round trip (RFC 8489 §6.2.1 has 500 ms). */
const FIRST_RTO_MS = 250;
const LEAST_RTO_MS = 100;

/** Bytes that are no answer, kept for the verdict; a flood must not grow it. */
const MOST_PROBLEMS = 8;

/**
 * Drives the client side of one 5-tuple over a channel. Bytes that are no valid answer do not end a wait on UDP, where
 * anybody can send them, but they are remembered: when time runs out the outcome is `invalid-response`, not silence.
 */
export class Exchange {
  readonly channel: Channel;
  /** Called after each datagram or segment sent for a request. */
  onSend: () => void = () => {};
  onData: (data: PeerData) => void = () => {};
  onIcmp: (error: Event<'icmp'>) => void = () => {};
  onConnectionAttempt: (attempt: Event<'connection-attempt'>) => void = () => {};
  /** Bytes of the peer, after ConnectionBind (RFC 6062 §4.3). */
  onStream: (bytes: Uint8Array) => void = () => {};
  /** Takes ChannelData datagrams as they are, instead of `onData`: for whoever counts many of them. */
  onChannelData: ((bytes: Uint8Array) => void) | undefined;
  readonly #clock: Clock;
  readonly #allocation: Allocation;
  readonly #running = new Map<number, Running>();
  readonly #problems: string[] = [];
  #cancelWake = () => {};
  #broken: Failure | undefined;
  #rtoMs = FIRST_RTO_MS;

  constructor(channel: Channel, clock: Clock, options: ExchangeOptions) {
    const { credential, patienceMs, control, fingerprint = true } = options;
    this.channel = channel;
    this.#clock = clock;
    const overUdp = channel.transport === 'udp';
    const schedule = () => (overUdp ? scheduleWithin(patienceMs, this.#rtoMs) : sentOnce(patienceMs));
    this.#allocation = new Allocation({
      over: overUdp ? 'datagram' : 'stream',
      schedule,
      randomBytes,
      fingerprint,
      ...(credential ? { credential } : {}),
      ...(control ? { control: control.#allocation } : {}),
    });
    channel.receive({
      bytes: bytes => {
        if (this.onChannelData && overUdp && isChannelData(bytes)) this.onChannelData(bytes);
        else this.#take(this.#allocation.onBytes(bytes, clock.monotonic()));
      },
      failed: failure => this.#fail(failure),
    });
  }

  request(asked: TurnRequest): Pending {
    if (this.#broken) {
      const result = { challenges: [], requestsSent: 0, end: this.#broken };
      return { result: Promise.resolve(result), challenged: false, giveUpIn: () => {} };
    }
    const { request, ...step } = this.#allocation.request(asked, this.#clock.monotonic());
    const running = new Running(this.#clock, () => this.#giveUp(request));
    this.#running.set(request, running);
    this.#take(step);
    return running;
  }

  /** Sends to a peer in a Send indication. */
  sendTo(peer: TransportAddress, data: Uint8Array): void {
    this.channel.send(this.#allocation.sendTo(peer, data));
  }

  sendOnChannel(channel: number, data: Uint8Array): void {
    this.channel.send(this.#allocation.sendOnChannel(channel, data));
  }

  /** Ends every request under way; the channel stays open for what must still be said. */
  abandon(failure: Failure): void {
    for (const [request, running] of this.#running) {
      running.failure = failure;
      this.#giveUp(request);
    }
  }

  close(): void {
    this.#cancelWake();
    this.channel.close();
  }

  #giveUp(request: number): void {
    this.#take(this.#allocation.giveUp(request, this.#clock.monotonic()));
  }

  #fail(failure: Failure): void {
    // A UDP socket outlives an ICMP error; a stream that failed stays failed.
    if (this.channel.transport !== 'udp') this.#broken ??= failure;
    this.abandon(failure);
  }

  #take({ send, events, wakeAtMs }: AllocationStep): void {
    // First what came: whoever stops at the request that answers a challenge has to know of the challenge.
    for (const event of events) this.#handle(event);
    for (const bytes of send) {
      this.channel.send(bytes);
      this.onSend();
    }
    this.#cancelWake();
    if (wakeAtMs === undefined) return;
    const wake = () => this.#take(this.#allocation.onTime(this.#clock.monotonic()));
    this.#cancelWake = this.#clock.schedule(Math.max(0, wakeAtMs - this.#clock.monotonic()), wake);
  }

  #handle(event: AllocationEvent): void {
    if ('elapsedMs' in event && event.kind !== 'timed-out') this.#learnRto(event);
    switch (event.kind) {
      case 'challenged':
        this.#running.get(event.request)?.challenges.push(event);
        return;
      case 'succeeded':
      case 'failed':
        this.#end(event.request, event.requestsSent, event);
        return;
      case 'timed-out':
        this.#end(
          event.request,
          event.requestsSent,
          this.#running.get(event.request)?.failure ?? this.#silence(event),
        );
        return;
      case 'data':
        this.onData(event);
        return;
      case 'icmp':
        this.onIcmp(event);
        return;
      case 'connection-attempt':
        this.onConnectionAttempt(event);
        return;
      case 'stream-data':
        this.onStream(event.data);
        return;
      case 'rejected':
        if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(event.reason);
        return;
      case 'broken':
        this.#fail({ outcome: 'invalid-response', problem: event.problem });
    }
  }

  /** Of a request that was sent again nobody knows which sending was answered (RFC 6298 §3). */
  #learnRto({ elapsedMs, request, requestsSent }: Succeeded | Refused | Challenged): void {
    const tries = 1 + (this.#running.get(request)?.challenges.length ?? 0);
    if (requestsSent === tries) this.#rtoMs = Math.min(this.#rtoMs, Math.max(LEAST_RTO_MS, 4 * elapsedMs));
  }

  #silence({ rejected, requestsSent, elapsedMs }: Event<'timed-out'>): Failure {
    const problem = [...rejected, ...this.#problems][0];
    return problem === undefined
      ? { outcome: 'no-response', requestsSent, waitedMs: elapsedMs }
      : { outcome: 'invalid-response', problem };
  }

  #end(request: number, requestsSent: number, end: Result['end']): void {
    const running = this.#running.get(request);
    this.#running.delete(request);
    running?.end(end, requestsSent);
  }
}

/** A request for which somebody waits. */
class Running implements Pending {
  readonly result: Promise<Result>;
  readonly challenges: Challenged[] = [];
  /** Why it is abandoned. */
  failure: Failure | undefined;
  readonly #clock: Clock;
  readonly #giveUp: () => void;
  #resolve: (result: Result) => void = () => {};
  #cancels: (() => void)[] = [];

  constructor(clock: Clock, giveUp: () => void) {
    this.#clock = clock;
    this.#giveUp = giveUp;
    this.result = new Promise(resolve => {
      this.#resolve = resolve;
    });
  }

  get challenged(): boolean {
    return this.challenges.length > 0;
  }

  giveUpIn(ms: number): void {
    this.#cancels.push(this.#clock.schedule(Math.max(0, ms), this.#giveUp));
  }

  end(end: Result['end'], requestsSent: number): void {
    for (const cancel of this.#cancels) cancel();
    this.#resolve({ challenges: this.challenges, requestsSent, end });
  }
}
