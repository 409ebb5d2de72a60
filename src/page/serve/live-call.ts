import type { Call, CallOptions, ClientEvent, Signalling, TurnClient } from '../../client/index.ts';
import { selectedPair } from '../../client/selected-way.ts';
import { Line, type LineQuality } from './line-quality.ts';
import { hostAndPort } from './plain-words.ts';

/** How a call stands. */
export interface CallState extends LineQuality {
  readonly phase: 'connecting' | 'connected' | 'lost' | 'failed' | 'ended';
  readonly connectedMs: number | null;
  /** As `relay/udp`. */
  readonly via: string | null;
  /** The two candidates in use, as `relay 203.0.113.10:49160`. */
  readonly pair: readonly [local: string, remote: string] | null;
  /** Why it failed. */
  readonly problem: string | null;
  readonly events: readonly ClientEvent[];
}

const EVERY_MS = 200;

/**
 * One side of a call of the reference client that sends small messages and answers those of the other side. Like voice they
 * are neither kept in order nor sent again, so what is lost is seen.
 */
export class LiveCall {
  readonly #line = new Line();
  readonly #onState: (state: CallState) => void;
  #call: Call | undefined;
  #channel: RTCDataChannel | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #state: CallState = {
    phase: 'connecting',
    connectedMs: null,
    via: null,
    pair: null,
    problem: null,
    rttMs: null,
    loss: null,
    recent: [],
    events: [],
  };

  constructor(onState: (state: CallState) => void) {
    this.#onState = onState;
  }

  get state(): CallState {
    return this.#state;
  }

  async start(client: TurnClient, signalling: Signalling, calls: boolean, policy: CallOptions['policy']) {
    try {
      const call = await client.call(signalling, {
        polite: !calls,
        policy: policy ?? 'all',
        onEvent: event => this.#onEvent(event),
        onDataChannel: channel => this.#attach(channel),
      });
      this.#call = call;
      if (this.#state.phase === 'ended') return call.close();
      if (calls) this.#attach(call.peer.createDataChannel('line', { ordered: false, maxRetransmits: 0 }));
      this.#timer = setInterval(() => void this.#beat(), EVERY_MS);
      await call.connected;
    } catch (error) {
      this.#stop('failed', error instanceof Error ? error.message : String(error));
    }
  }

  end(): void {
    this.#stop('ended', null);
    this.#call?.close();
  }

  #stop(phase: 'failed' | 'ended', problem: string | null): void {
    clearInterval(this.#timer);
    if (this.#state.phase !== 'ended' && this.#state.phase !== 'failed') this.#change({ phase, problem });
  }

  #onEvent(event: ClientEvent): void {
    const events = [...this.#state.events, event];
    if (event.kind === 'connected') {
      const connectedMs = this.#state.connectedMs ?? event.atMs;
      this.#change({ events, phase: 'connected', via: event.via, connectedMs });
      return;
    }
    if (event.kind === 'failed') {
      this.#change({ events });
      this.#stop('failed', event.message);
      return;
    }
    const broken = event.kind === 'state' && event.state === 'disconnected';
    this.#change(broken ? { events, phase: 'lost' } : { events });
  }

  #attach(channel: RTCDataChannel): void {
    this.#channel = channel;
    channel.onmessage = ({ data }) => {
      const { ping, pong } = JSON.parse(data) as { ping?: number; pong?: number };
      if (ping !== undefined) send(channel, { pong: ping });
      if (pong !== undefined) this.#line.hear(pong, performance.now());
    };
  }

  async #beat(): Promise<void> {
    const now = performance.now();
    if (this.#channel?.readyState === 'open') send(this.#channel, { ping: this.#line.send(now) });
    const selected = this.#call && (await selectedPair(this.#call.peer));
    if (this.#state.phase === 'ended' || this.#state.phase === 'failed') return;
    this.#change({
      ...this.#line.quality(now),
      ...(selected ? { pair: [nameOf(selected.local), nameOf(selected.remote)] as const } : {}),
    });
  }

  #change(change: Partial<CallState>): void {
    this.#state = { ...this.#state, ...change };
    this.#onState(this.#state);
  }
}

const nameOf = ({ candidateType, address, ip, port }: Readonly<Record<string, unknown>>): string =>
  `${candidateType} ${hostAndPort(String(address ?? ip ?? 'hidden'), String(port))}`;

function send(channel: RTCDataChannel, message: object): void {
  if (channel.readyState === 'open') channel.send(JSON.stringify(message));
}
