import { randomBytes } from 'node:crypto';
import type { Gap } from '../model/service-state.ts';
import type { Channel, Clock, Net } from '../net/net.ts';
import { decode, encode, TRANSACTION_ID_SIZE } from '../stun/message.ts';
import { allocate } from '../turn/requests.ts';
import type { Destination } from './plan.ts';
import { BINDING } from './stun-binding.ts';

/** One request: when it went out, and when its answer came. Milliseconds of the clock that never jumps. */
export interface Beat {
  readonly sentAtMs: number;
  answeredAtMs: number | null;
}

export interface HeartbeatOptions {
  readonly to: Destination;
  /** `Allocate` without credentials is answered with 401 where Binding is not answered at all (no-stun). */
  readonly request: Gap['request'];
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

export interface Heartbeat {
  /** Sends no more, waits a moment for answers that are on their way, and tells what came of it. */
  stop(): Promise<Gap>;
}

const LATE_MS = 1000;
const LAST_ANSWERS_MS = 250;

/** Sends a request every few milliseconds, each from a socket of its own, so that none is held by a server that is gone. */
export function startHeartbeat(net: Net, clock: Clock, options: HeartbeatOptions): Heartbeat {
  const { to, request, everyMs, signal } = options;
  const beats: Beat[] = [];
  const open = new Set<Channel>();
  let stopped = false;
  let cancel = () => {};

  async function beat(): Promise<void> {
    const one: Beat = { sentAtMs: clock.monotonic(), answeredAtMs: null };
    beats.push(one);
    const { transport } = to.uri;
    const opening = await net.open({
      ...{ transport, server: to.server, name: to.uri.host, timeoutMs: LATE_MS, signal },
    });
    if (!('channel' in opening)) return;
    const { channel } = opening;
    open.add(channel);
    const end = () => {
      open.delete(channel);
      channel.close();
    };
    const transactionId = randomBytes(TRANSACTION_ID_SIZE);
    channel.receive({
      bytes: bytes => {
        if (!isAnswer(bytes, transactionId)) return;
        one.answeredAtMs = clock.monotonic();
        end();
      },
      failed: end,
    });
    const { method, attributes } = request === 'Binding' ? BINDING : allocate();
    channel.send(encode({ class: 'request', method, transactionId, attributes }));
    clock.schedule(LATE_MS, end);
  }

  function next(): void {
    if (stopped || signal.aborted) return;
    void beat();
    cancel = clock.schedule(everyMs, next);
  }
  next();

  return {
    async stop() {
      stopped = true;
      cancel();
      await new Promise<void>(resolve => clock.schedule(LAST_ANSWERS_MS, resolve));
      for (const channel of open) channel.close();
      return gapOf(beats, { request, everyMs });
    },
  };
}

function isAnswer(bytes: Uint8Array, transactionId: Uint8Array): boolean {
  const decoded = decode(bytes);
  return 'message' in decoded && Buffer.compare(decoded.message.transactionId, transactionId) === 0;
}

/**
 * The longest time without an answer: from the last request that was answered before it to the first after it. What was
 * sent last and is not answered yet says nothing.
 */
export function gapOf(beats: readonly Beat[], { request, everyMs }: Pick<Gap, 'request' | 'everyMs'>): Gap {
  const answered = beats.filter(({ answeredAtMs }) => answeredAtMs !== null);
  const last = beats.findLastIndex(({ answeredAtMs }) => answeredAtMs !== null);
  const counted = beats.slice(0, last + 1);
  const unanswered = counted.length - answered.length;
  let longest: number | null = answered.length === 0 ? null : 0;
  for (const [index, beat] of answered.entries()) {
    const before = answered[index - 1];
    const missed = before === undefined ? 0 : beats.indexOf(beat) - beats.indexOf(before) - 1;
    if (before !== undefined && missed > 0) longest = Math.max(longest ?? 0, beat.sentAtMs - before.sentAtMs);
  }
  return {
    gapMs: longest === null ? null : Math.round(longest),
    ...{ request, everyMs },
    sent: counted.length,
    unanswered,
  };
}
