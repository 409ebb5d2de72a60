import { candidatesIn, describeCandidate, readCandidate, relaysIn } from './candidates.ts';
import { causeOf } from './diagnosis.ts';
import type { ClientEvent, FailureCause, Happening } from './events.ts';
import { selectedWay } from './selected-way.ts';

/** What two sides tell each other; plain JSON, carried by the application as it likes. */
export type Signal =
  | { readonly description: { readonly type: 'offer' | 'answer'; readonly sdp: string } }
  | { readonly candidate: RTCIceCandidateInit };

/** The application's way to the other side. Messages of one side must arrive in order. */
export interface Signalling {
  send(signal: Signal): void | Promise<void>;
  /** Names the one receiver. */
  receive(receiver: (signal: Signal) => void): void;
}

export interface CallOptions {
  /** Of two sides one is polite: it gives way when both offer at the same time. */
  readonly polite: boolean;
  /** Whether candidates are sent one by one as they come. Default true; false where signalling carries whole descriptions only. */
  readonly trickle?: boolean;
  /** `relay` hides addresses from the other side. Default `all`. */
  readonly policy?: RTCIceTransportPolicy;
  readonly onTrack?: (event: RTCTrackEvent) => void;
  readonly onDataChannel?: (channel: RTCDataChannel) => void;
  readonly onEvent?: (event: ClientEvent) => void;
}

/** How long a description without trickling waits for a relay candidate, in milliseconds. */
export const RELAY_WAIT_MS = 5_000;
/** Without progress for so long ICE is restarted: browsers wait 15 s before they say anything. The polite side waits longer. */
export const RESTART_AFTER_MS = 4_000;
/** When a call is given up. */
export const GIVE_UP_MS = 45_000;

/** The call came to nothing. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly reason: FailureCause;
  constructor(reason: FailureCause, message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * One call: an RTCPeerConnection with the negotiation of JSEP done (the "perfect negotiation" pattern), early candidates kept,
 * and ICE watched from outside. Add tracks and data channels to `peer`; the rest happens by itself.
 */
export class Call {
  readonly peer: RTCPeerConnection;
  readonly events: ClientEvent[] = [];
  /** How it is connected, as `relay/udp`. Rejects with {@link CallFailed} when it is given up or closed before. */
  readonly connected: Promise<string>;
  readonly #options: CallOptions;
  readonly #signalling: Signalling;
  readonly #servers: () => Promise<RTCIceServer[]>;
  readonly #startedMs: number;
  /** Of the other side, before its description. */
  #early: RTCIceCandidateInit[] = [];
  #queue: Promise<void> = Promise.resolve();
  #makingOffer = false;
  #ignoring = false;
  #restartTimer: ReturnType<typeof setTimeout> | undefined;
  #giveUpTimer: ReturnType<typeof setTimeout> | undefined;
  #resolve: (via: string) => void = () => {};
  #reject: (error: CallFailed) => void = () => {};

  constructor(
    peer: RTCPeerConnection,
    signalling: Signalling,
    servers: () => Promise<RTCIceServer[]>,
    options: CallOptions & { readonly startedMs: number },
  ) {
    this.peer = peer;
    this.#signalling = signalling;
    this.#servers = servers;
    this.#options = options;
    this.#startedMs = options.startedMs;
    this.connected = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever never asks must not be told by an unhandled rejection.
    this.connected.catch(() => {});
    this.#armGiveUp();
    peer.onnegotiationneeded = () => this.#enqueue(() => this.#offer());
    peer.onicecandidate = ({ candidate }) => this.#onLocalCandidate(candidate);
    peer.onicecandidateerror = ({ url, errorCode, errorText }) =>
      this.log({ kind: 'candidate-error', url, code: errorCode, message: errorText });
    peer.oniceconnectionstatechange = () => this.#onState();
    peer.ontrack = event => options.onTrack?.(event);
    peer.ondatachannel = ({ channel }) => options.onDataChannel?.(channel);
  }

  /** Whether a relay candidate of that side was seen. */
  relaySeen(side: 'local' | 'remote'): boolean {
    return this.events.some(
      event => event.kind === 'candidate' && event.side === side && event.type === 'relay',
    );
  }

  /** What came over the signalling. */
  take(signal: Signal): void {
    this.#enqueue(() =>
      'description' in signal ? this.#describe(signal.description) : this.#add(signal.candidate),
    );
  }

  log(happening: Happening): void {
    const event: ClientEvent = { ...happening, atMs: performance.now() - this.#startedMs };
    this.events.push(event);
    this.#options.onEvent?.(event);
  }

  close(): void {
    if (this.peer.signalingState === 'closed') return;
    this.log({ kind: 'closed' });
    this.#end(new CallFailed('lost', 'the call was closed'));
  }

  /** One step of negotiation after the other: each of them waits for the browser. */
  #enqueue(step: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.peer.signalingState === 'closed') return;
      // A step that fails (a description out of turn) leaves the others to go on, and the watch to decide.
      await step().catch(error => this.log({ kind: 'problem', message: String(error) }));
    });
  }

  async #offer(): Promise<void> {
    this.#makingOffer = true;
    try {
      await this.peer.setLocalDescription();
      await this.#sendDescription();
    } finally {
      this.#makingOffer = false;
    }
  }

  async #sendDescription(): Promise<void> {
    const startedMs = performance.now();
    if (this.#options.trickle === false) await this.#relayOrEnough();
    const { type, sdp } = this.peer.localDescription ?? {};
    if ((type !== 'offer' && type !== 'answer') || sdp === undefined) return;
    const waitedMs = performance.now() - startedMs;
    this.log({ kind: 'sent', type, relayCandidates: relaysIn(sdp), waitedMs });
    await this.#signalling.send({ description: { type, sdp } });
    this.#watch();
  }

  /** A relay candidate of ours, the end of gathering, or 5 s, whatever comes first. */
  #relayOrEnough(): Promise<void> {
    const { peer } = this;
    return new Promise(done => {
      const late = setTimeout(end, RELAY_WAIT_MS);
      const look = () => {
        if (peer.iceGatheringState === 'complete' || relaysIn(peer.localDescription?.sdp ?? '') > 0) end();
      };
      function end(): void {
        clearTimeout(late);
        peer.removeEventListener('icecandidate', look);
        peer.removeEventListener('icegatheringstatechange', look);
        done();
      }
      peer.addEventListener('icecandidate', look);
      peer.addEventListener('icegatheringstatechange', look);
      look();
    });
  }

  async #describe(description: { readonly type: 'offer' | 'answer'; readonly sdp: string }): Promise<void> {
    const { peer } = this;
    const collision = description.type === 'offer' && (this.#makingOffer || peer.signalingState !== 'stable');
    this.#ignoring = collision && !this.#options.polite;
    if (this.#ignoring) return;
    this.log({ kind: 'received', type: description.type, relayCandidates: relaysIn(description.sdp) });
    for (const candidate of candidatesIn(description.sdp))
      this.log({ kind: 'candidate', side: 'remote', ...candidate });
    await peer.setRemoteDescription(description);
    for (const candidate of this.#early.splice(0)) await peer.addIceCandidate(candidate);
    if (description.type === 'offer') {
      await peer.setLocalDescription();
      await this.#sendDescription();
    }
    this.#watch();
  }

  async #add(candidate: RTCIceCandidateInit): Promise<void> {
    const info = readCandidate(candidate.candidate ?? '');
    if (info) this.log({ kind: 'candidate', side: 'remote', ...info });
    if (!this.peer.remoteDescription) {
      this.#early.push(candidate);
      return;
    }
    await this.peer.addIceCandidate(candidate).catch(error => {
      if (!this.#ignoring) throw error;
    });
    this.#watch();
  }

  #onLocalCandidate(candidate: RTCIceCandidate | null): void {
    if (candidate === null) {
      this.log({ kind: 'gathered' });
      return;
    }
    const info = describeCandidate(candidate);
    if (!info) return;
    this.log({ kind: 'candidate', side: 'local', ...info });
    if (this.#options.trickle !== false) void this.#signalling.send({ candidate: candidate.toJSON() });
    this.#watch();
  }

  #onState(): void {
    const { iceConnectionState: state } = this.peer;
    this.log({ kind: 'state', state });
    if (state === 'connected' || state === 'completed') void this.#onConnected();
    else if (state === 'failed') void this.#restart('the browser gave up');
    else this.#watch();
  }

  async #onConnected(): Promise<void> {
    // After `connected` comes `completed`.
    const isNews = this.#giveUpTimer !== undefined;
    this.#clearTimers();
    if (!isNews) return;
    const via = await selectedWay(this.peer);
    this.log({ kind: 'connected', via });
    this.#resolve(via);
  }

  /** Running while the call is not connected: from its start, and from each loss. */
  #armGiveUp(): void {
    this.#giveUpTimer ??= setTimeout(() => this.#giveUp(), GIVE_UP_MS);
  }

  #clearTimers(): void {
    clearTimeout(this.#giveUpTimer);
    clearTimeout(this.#restartTimer);
    this.#giveUpTimer = undefined;
  }

  /** From now on it must get on: a new candidate or description starts the wait anew. */
  #watch(): void {
    const { iceConnectionState: state, remoteDescription } = this.peer;
    clearTimeout(this.#restartTimer);
    if (!remoteDescription || !['new', 'checking', 'disconnected'].includes(state)) return;
    this.#armGiveUp();
    const patienceMs = RESTART_AFTER_MS * (this.#options.polite ? 1.5 : 1);
    this.#restartTimer = setTimeout(
      () => void this.#restart(`no progress in ${patienceMs / 1000} s`),
      patienceMs,
    );
  }

  /** New credentials, new candidates, new checks. */
  async #restart(why: string): Promise<void> {
    this.#armGiveUp();
    this.log({ kind: 'restart', why });
    const iceServers = await this.#servers().catch(() => undefined);
    if (this.peer.signalingState === 'closed') return;
    if (iceServers) this.peer.setConfiguration({ ...this.peer.getConfiguration(), iceServers });
    this.peer.restartIce();
    this.#watch();
  }

  #giveUp(): void {
    const { cause, message } = causeOf(this.events);
    this.log({ kind: 'failed', cause, message });
    this.#end(new CallFailed(cause, message));
  }

  #end(error: CallFailed): void {
    this.#clearTimers();
    this.#reject(error);
    this.peer.close();
  }
}
