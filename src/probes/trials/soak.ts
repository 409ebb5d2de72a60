import { randomBytes } from 'node:crypto';
import type { TrialResults } from '../../model/observations/turn-trial.ts';
import { equalBytes } from '../../stun/bytes.ts';
import { channelBind, createPermission, refresh, type TurnRequest } from '../../turn/requests.ts';
import { ask } from '../conversation.ts';
import { listen } from '../delivery.ts';
import { type Relayed, withPeer } from './relayed.ts';
import { SPARE_CHANNEL } from './sizes.ts';
import { complete, lasting, pause, replyOf, skipped, type Trial, withAllocation } from './trial.ts';

export const SOAK_SECONDS = 20 * 60;

const INTERVAL_MS = 1000;
const REQUEST_MS = 5000;
const LIFETIME_SECONDS = 600;

/** As browsers do: a minute before the end of each. */
const RENEWALS: readonly { name: string; everySeconds: number; request: (relay: Relayed) => TurnRequest }[] =
  [
    { name: 'CreatePermission', everySeconds: 240, request: ({ seen }) => createPermission([seen]) },
    { name: 'Refresh', everySeconds: 540, request: () => refresh(LIFETIME_SECONDS) },
    { name: 'ChannelBind', everySeconds: 540, request: ({ seen }) => channelBind(SPARE_CHANNEL, seen) },
  ];

type Soak = TrialResults['soak'];

/** A quiet call for a long time: NAT timers, stale nonces, renewals (RFC 8656 §8, §10, §12). */
export const soak: Trial<'soak'> = (to, context) => {
  const seconds = context.settings.relay?.soakSeconds ?? SOAK_SECONDS;
  return withAllocation<Soak>(to, context, {}, held =>
    withPeer(to, context, held, async relay => {
      const bound = replyOf(await ask(channelBind(SPARE_CHANNEL, relay.seen), to, relay.exchange, context));
      if (bound !== 'granted') return skipped(`no channel was bound: ${bound ?? 'silence'}`);
      const result = await new Call(relay, seconds).last();
      return context.signal.aborted ? skipped('interrupted') : complete(result);
    }),
  );
};

class Call {
  readonly #relay: Relayed;
  readonly #seconds: number;
  readonly #startMs: number;
  readonly #staleNonces: number[] = [];
  readonly #failed: Soak['failed'][number][] = [];
  #lastHeardMs: number;
  #longestGapMs = 0;

  constructor(relay: Relayed, seconds: number) {
    this.#relay = relay;
    this.#seconds = seconds;
    this.#startMs = relay.context.clock.monotonic();
    this.#lastHeardMs = this.#startMs;
  }

  async last(): Promise<Soak> {
    const { context, exchange, socket, relayed, atPeer, fromRelay } = this.#relay;
    const marks: Uint8Array[] = [];
    const back = new Set<number>();
    const indexOf = (data: Uint8Array) => marks.findIndex(mark => equalBytes(mark, data));
    const stops = [
      listen(atPeer, bytes => {
        if (indexOf(bytes) >= 0) socket.send(bytes, relayed);
      }),
      listen(fromRelay, ({ data }) => {
        const index = indexOf(data);
        if (index < 0) return;
        back.add(index);
        this.#heard();
      }),
    ];
    const due = RENEWALS.map(({ everySeconds }) => everySeconds);
    while (this.#elapsed() < this.#seconds) {
      const payload = randomBytes(32);
      marks.push(payload);
      exchange.sendOnChannel(SPARE_CHANNEL, payload);
      await Promise.all(
        RENEWALS.map((renewal, index) => {
          if (this.#elapsed() < due[index]!) return undefined;
          due[index]! += renewal.everySeconds;
          return this.#renew(renewal.name, renewal.request(this.#relay));
        }),
      );
      context.onEvent({ waitingFor: `the end of ${this.#seconds} s, ${Math.floor(this.#elapsed())} gone` });
      const nextMs = this.#startMs + marks.length * INTERVAL_MS - context.clock.monotonic();
      if (!(await pause(context, Math.max(1, nextMs)))) break;
    }
    this.#heard();
    for (const stop of stops) stop();
    return {
      seconds: Math.round(this.#elapsed()),
      sent: marks.length,
      received: back.size,
      longestGapMs: this.#longestGapMs,
      staleNonces: this.#staleNonces,
      failed: this.#failed,
    };
  }

  #elapsed(): number {
    return (this.#relay.context.clock.monotonic() - this.#startMs) / 1000;
  }

  #heard(): void {
    const nowMs = this.#relay.context.clock.monotonic();
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#lastHeardMs);
    this.#lastHeardMs = nowMs;
  }

  async #renew(name: string, request: TurnRequest): Promise<void> {
    const { to, context, exchange } = this.#relay;
    const result = await ask(request, to, exchange, lasting(context, REQUEST_MS));
    if (result.challenges.some(({ error }) => error.code === 438))
      this.#staleNonces.push(Math.round(this.#elapsed()));
    const reply = replyOf(result);
    if (reply !== 'granted')
      this.#failed.push({ request: name, atSeconds: Math.round(this.#elapsed()), reply });
  }
}
