import { randomBytes } from 'node:crypto';
import type { TransportAddress } from '../model/transport.ts';
import type { PeerSocket } from '../net/net.ts';
import { type Attribute, attribute } from '../stun/attributes.ts';
import { equalBytes } from '../stun/bytes.ts';
import { decode, encode, type StunMessage, TRANSACTION_ID_SIZE } from '../stun/message.ts';
import type { ProbeContext } from './conversation.ts';

/**
 * Ten sends: where 30 % is lost each way, all of them fail once in 800 times, and every verdict of RFC 5780 that rests on
 * silence is no better than that.
 */
export const SENDS = 10;
const EVERY_MS = 200;

/** A datagram that came, and from where it really came. */
export interface Answer {
  readonly from: TransportAddress;
  readonly response: StunMessage;
  readonly mappedAddress: TransportAddress | undefined;
  /** Of an error response. */
  readonly code: number | undefined;
}

/** A Binding request that is sent from one socket; its answer may be expected on another. */
interface Asked {
  readonly from: NatSocket;
  readonly to: TransportAddress;
  readonly attributes?: readonly Attribute[];
  /** Where the answer is expected; default `from`. */
  readonly on?: NatSocket;
  readonly sends?: number;
}

type Listener = (bytes: Uint8Array, from: TransportAddress) => void;

/** A UDP socket that may talk to everybody, so that an answer from the wrong address is seen as such. */
export class NatSocket {
  readonly localAddress: TransportAddress;
  readonly #socket: PeerSocket;
  readonly #listeners = new Set<Listener>();

  constructor(socket: PeerSocket) {
    this.#socket = socket;
    this.localAddress = socket.localAddress;
    socket.receive((bytes, from) => {
      for (const listener of this.#listeners) listener(bytes, from);
    });
  }

  send(bytes: Uint8Array, to: TransportAddress): void {
    this.#socket.send(bytes, to);
  }

  /** Returns how to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#socket.close();
  }
}

/** Asks until the answer comes, ten sends were in vain, or time is up. */
export function askBinding(asked: Asked, context: ProbeContext): Promise<Answer | undefined> {
  const { from, to, attributes = [], on = from, sends = SENDS } = asked;
  const transactionId = randomBytes(TRANSACTION_ID_SIZE);
  const request = encode(
    { class: 'request', method: 'binding', transactionId, attributes },
    { fingerprint: true },
  );
  return sendUntil<Answer>(
    () => from.send(request, to),
    arrived =>
      on.listen((bytes, source) => {
        const decoded = decode(bytes);
        if ('malformed' in decoded || !equalBytes(decoded.message.transactionId, transactionId)) return;
        const { message } = decoded;
        if (message.class === 'success' || message.class === 'error') arrived(answerOf(message, source));
      }),
    sends,
    context,
  );
}

/** Whether a payload of one socket arrives at another that is known by `to`. */
export async function reaches(
  from: NatSocket,
  to: TransportAddress,
  on: NatSocket,
  context: ProbeContext,
): Promise<boolean> {
  const payload = randomBytes(32);
  const seen = await sendUntil<true>(
    () => from.send(payload, to),
    arrived => on.listen(bytes => equalBytes(bytes, payload) && arrived(true)),
    SENDS,
    context,
  );
  return seen ?? false;
}

function answerOf(response: StunMessage, from: TransportAddress): Answer {
  return {
    from,
    response,
    mappedAddress: attribute(response, 'XOR-MAPPED-ADDRESS') ?? attribute(response, 'MAPPED-ADDRESS'),
    code: attribute(response, 'ERROR-CODE')?.code,
  };
}

function sendUntil<T>(
  send: () => void,
  listenFor: (arrived: (what: T) => void) => () => void,
  sends: number,
  { clock, signal, deadlineMs }: Pick<ProbeContext, 'clock' | 'signal' | 'deadlineMs'>,
): Promise<T | undefined> {
  return new Promise(resolve => {
    let cancel = () => {};
    const end = (what: T | undefined) => {
      stopListening();
      cancel();
      signal.removeEventListener('abort', interrupt);
      resolve(what);
    };
    const interrupt = () => end(undefined);
    const stopListening = listenFor(end);
    let sent = 0;
    const next = () => {
      if (sent === sends || signal.aborted || clock.monotonic() >= deadlineMs) return end(undefined);
      sent += 1;
      send();
      cancel = clock.schedule(EVERY_MS, next);
    };
    signal.addEventListener('abort', interrupt, { once: true });
    next();
  });
}

/** Waits; an abort ends it. */
export function sleep(ms: number, { clock, signal }: Pick<ProbeContext, 'clock' | 'signal'>): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
