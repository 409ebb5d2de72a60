import type { TransportAddress } from '../model/transport.ts';
import { type Attribute, attribute } from '../stun/attributes.ts';
import { hex16 } from '../stun/bytes.ts';
import type { ErrorCode } from '../stun/codec.ts';
import { foreignProtocol } from '../stun/foreign.ts';
import { verifyIntegrity } from '../stun/integrity.ts';
import { decode, encode, type StunMessage, TRANSACTION_ID_SIZE } from '../stun/message.ts';
import type { RetransmissionSchedule } from '../stun/retransmission.ts';
import { Transaction, type TransactionStep } from '../stun/transaction.ts';
import { LongTermAuthentication, type LongTermCredential } from './authentication.ts';
import { type ChannelData, decodeChannelData, encodeChannelData, isChannelData } from './channel-data.ts';
import type { AllocationEvent, Answer, Ending } from './events.ts';
import { StreamFramer } from './framing.ts';
import type { TurnRequest } from './requests.ts';

export interface AllocationOptions {
  /** `stream` for TCP and TLS: framed, padded, and sent once. */
  readonly over: 'datagram' | 'stream';
  /** Of each request anew; see `scheduleWithin` and `sentOnce`. A function is asked before each. */
  readonly schedule: RetransmissionSchedule | (() => RetransmissionSchedule);
  readonly randomBytes: (size: number) => Uint8Array;
  readonly credential?: LongTermCredential;
  /** The control connection, whose challenge holds here too: ConnectionBind is never challenged by coturn (RFC 6062 §4.3). */
  readonly control?: Allocation;
  /** SOFTWARE to send. */
  readonly software?: string;
  readonly fingerprint?: boolean;
}

export interface AllocationStep {
  /** To be sent to the server, in order. */
  readonly send: readonly Uint8Array[];
  readonly events: readonly AllocationEvent[];
  /** When to call `onTime` next; undefined while nothing is awaited. */
  readonly wakeAtMs: number | undefined;
}

/** What the caller wants, through all its tries. */
interface Intent {
  readonly request: number;
  readonly asked: TurnRequest;
  readonly met: readonly number[];
  /** By earlier tries. */
  readonly sentBefore: number;
}

interface Pending extends Intent {
  readonly transaction: Transaction;
  readonly authorized: boolean;
  wakeAtMs: number;
}

/** The client side of one 5-tuple, without I/O: requests with credentials, and data of peers (RFC 8656). */
export class Allocation {
  readonly #options: AllocationOptions;
  readonly #authentication: LongTermAuthentication;
  readonly #framer = new StreamFramer();
  readonly #pending = new Map<string, Pending>();
  /** A request that was sent twice is answered twice, which is nobody's fault. */
  readonly #answered = new Set<string>();
  readonly #channels = new Map<number, TransportAddress>();
  #requests = 0;
  /** After ConnectionBind. */
  #raw = false;
  #send: Uint8Array[] = [];
  #events: AllocationEvent[] = [];

  constructor(options: AllocationOptions) {
    this.#options = options;
    const { control, credential } = options;
    this.#authentication = control ? control.#authentication : new LongTermAuthentication(credential);
  }

  /** Starts a request; its outcome comes as an event with the same number. Several may be under way. */
  request(asked: TurnRequest, nowMs: number): AllocationStep & { readonly request: number } {
    this.#requests += 1;
    const request = this.#requests;
    this.#try({ request, asked, met: [], sentBefore: 0 }, nowMs);
    return { request, ...this.#step() };
  }

  /** A Send indication; it is never answered. */
  sendTo(peer: TransportAddress, data: Uint8Array): Uint8Array {
    return encode({
      class: 'indication',
      method: 'send',
      transactionId: this.#options.randomBytes(TRANSACTION_ID_SIZE),
      attributes: [
        { name: 'XOR-PEER-ADDRESS', value: peer },
        { name: 'DATA', value: data },
      ],
    });
  }

  sendOnChannel(channel: number, data: Uint8Array): Uint8Array {
    return encodeChannelData({ channel, data }, this.#options.over);
  }

  /** One datagram, or any piece of the stream. */
  onBytes(bytes: Uint8Array, nowMs: number): AllocationStep {
    if (this.#options.over === 'datagram') this.#onFrame(bytes, nowMs);
    else if (!this.#raw) this.#onStream(bytes, nowMs);
    else this.#events.push({ kind: 'stream-data', data: bytes });
    return this.#step();
  }

  onTime(nowMs: number): AllocationStep {
    for (const pending of [...this.#pending.values()]) {
      if (pending.wakeAtMs <= nowMs) this.#follow(pending, pending.transaction.onTime(nowMs), nowMs);
    }
    return this.#step();
  }

  /** Times a request out now. Nothing happens when it has ended already. */
  giveUp(request: number, nowMs: number): AllocationStep {
    const pending = [...this.#pending.values()].find(candidate => candidate.request === request);
    if (pending) this.#follow(pending, pending.transaction.giveUp(nowMs), nowMs);
    return this.#step();
  }

  #try(intent: Intent, nowMs: number): void {
    const { schedule, fingerprint = false } = this.#options;
    const { attributes, integrity } = this.#authentication.authorize();
    const message = this.#message(intent.asked, attributes);
    const sending = typeof schedule === 'function' ? schedule() : schedule;
    const transaction = new Transaction(message, sending, { fingerprint, ...(integrity && { integrity }) });
    const pending = { ...intent, transaction, authorized: attributes.length > 0, wakeAtMs: nowMs };
    this.#pending.set(keyOf(message), pending);
    this.#follow(pending, transaction.start(nowMs), nowMs);
  }

  #message({ method, attributes }: TurnRequest, authorization: readonly Attribute[]): StunMessage {
    const { randomBytes, software } = this.#options;
    const remark: Attribute[] = software === undefined ? [] : [{ name: 'SOFTWARE', value: software }];
    return {
      class: 'request',
      method,
      transactionId: randomBytes(TRANSACTION_ID_SIZE),
      attributes: [...attributes, ...remark, ...authorization],
    };
  }

  #onStream(bytes: Uint8Array, nowMs: number): void {
    for (const frame of this.#framer.push(bytes)) {
      if (frame.kind === 'junk') this.#events.push({ kind: 'broken', problem: frame.problem });
      else this.#onFrame(frame.bytes, nowMs);
      if (this.#raw) break;
    }
  }

  #onFrame(bytes: Uint8Array, nowMs: number): void {
    // HTTP starts with a byte of ChannelData's range.
    const isChannel = isChannelData(bytes) && !foreignProtocol(bytes);
    const decoded = isChannel ? decodeChannelData(bytes) : decode(bytes);
    if ('malformed' in decoded) this.#reject(decoded.malformed);
    else if ('channel' in decoded) this.#onChannelData(decoded);
    else if (decoded.message.class === 'indication') this.#onIndication(decoded.message);
    else this.#onAnswer(decoded.message, bytes, nowMs);
  }

  #onAnswer(message: StunMessage, bytes: Uint8Array, nowMs: number): void {
    const key = keyOf(message);
    const pending = this.#pending.get(key);
    if (pending) this.#follow(pending, pending.transaction.onMessage(message, nowMs), nowMs, bytes);
    else if (!this.#answered.has(key))
      this.#reject(`${message.class} ${message.method} with a transaction id that is none of ours`);
  }

  #onChannelData({ channel, data }: ChannelData): void {
    const peer = this.#channels.get(channel);
    if (peer) this.#events.push({ kind: 'data', peer, data, channel });
    else this.#reject(`ChannelData on channel ${hex16(channel)}, which is not bound`);
  }

  #onIndication(message: StunMessage): void {
    const peer = attribute(message, 'XOR-PEER-ADDRESS');
    const data = attribute(message, 'DATA');
    const icmp = attribute(message, 'ICMP');
    const connectionId = attribute(message, 'CONNECTION-ID');
    if (message.method === 'data' && peer && data) this.#events.push({ kind: 'data', peer, data });
    else if (message.method === 'data' && peer && icmp) this.#events.push({ kind: 'icmp', peer, ...icmp });
    else if (message.method === 'connectionAttempt' && peer && connectionId !== undefined) {
      this.#events.push({ kind: 'connection-attempt', connectionId, peer });
    } else this.#reject(`${message.method} indication without the attributes that make it one`);
  }

  /** `bytes`: those of the answer, where the step comes from one. */
  #follow(pending: Pending, step: TransactionStep, nowMs: number, bytes?: Uint8Array): void {
    if (step.kind === 'done') {
      if (bytes) this.#onResponse(pending, step, bytes, nowMs);
    } else if (step.kind === 'timed-out') {
      this.#pending.delete(keyOf(pending.transaction.request));
      const ending = this.#ending(pending, step.waitedMs);
      this.#events.push({ kind: 'timed-out', rejected: step.rejected, ...ending });
    } else {
      if (step.kind === 'send') this.#send.push(step.bytes);
      if (step.kind === 'rejected') this.#reject(step.reason);
      pending.wakeAtMs = step.wakeAtMs;
    }
  }

  #onResponse(
    pending: Pending,
    { response, elapsedMs }: Extract<TransactionStep, { kind: 'done' }>,
    bytes: Uint8Array,
    nowMs: number,
  ): void {
    this.#pending.delete(keyOf(response));
    this.#answered.add(keyOf(response));
    const { key } = this.#authentication;
    const integrity = key ? verifyIntegrity(bytes, key) : 'missing';
    const answer: Answer = { response, integrity, ...this.#ending(pending, elapsedMs) };
    const error = response.class === 'error' ? attribute(response, 'ERROR-CODE') : undefined;
    if (error) this.#onError(pending, answer, error, nowMs);
    else this.#onSuccess(pending, answer);
  }

  #onSuccess({ transaction }: Pending, answer: Answer): void {
    if (answer.method === 'channelBind') {
      const channel = attribute(transaction.request, 'CHANNEL-NUMBER');
      const peer = attribute(transaction.request, 'XOR-PEER-ADDRESS');
      if (channel !== undefined && peer) this.#channels.set(channel, peer);
    }
    this.#events.push({ kind: 'succeeded', ...answer });
    if (answer.method === 'connectionBind') this.#becomeRaw();
  }

  /** What came in one piece with the answer to ConnectionBind is the peer's already. */
  #becomeRaw(): void {
    this.#raw = true;
    const data = this.#framer.takeRest();
    if (data.length > 0) this.#events.push({ kind: 'stream-data', data });
  }

  #onError(pending: Pending, answer: Answer, error: ErrorCode, nowMs: number): void {
    const reaction = this.#authentication.onError(answer.response, pending);
    if (reaction.kind === 'final') {
      this.#events.push({ kind: 'failed', error, ...answer, ...(reaction.why && { why: reaction.why }) });
      return;
    }
    this.#events.push({ kind: 'challenged', error, ...answer });
    const { request, asked, met } = pending;
    this.#try({ request, asked, met: [...met, error.code], sentBefore: answer.requestsSent }, nowMs);
  }

  #ending({ request, asked, met, sentBefore, transaction }: Pending, elapsedMs: number): Ending {
    const requestsSent = sentBefore + transaction.requestsSent;
    return { request, method: asked.method, met, requestsSent, elapsedMs };
  }

  #reject(reason: string): void {
    this.#events.push({ kind: 'rejected', reason });
  }

  #step(): AllocationStep {
    const wakes = [...this.#pending.values()].map(({ wakeAtMs }) => wakeAtMs);
    const step = {
      send: this.#send,
      events: this.#events,
      wakeAtMs: wakes.length > 0 ? Math.min(...wakes) : undefined,
    };
    this.#send = [];
    this.#events = [];
    return step;
  }
}

const keyOf = ({ transactionId }: StunMessage): string => transactionId.join('.');
