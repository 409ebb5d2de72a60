import { candidatesIn, describeCandidate, readCandidate, relaysIn } from '../client/candidates.ts';
import type { Happening } from '../client/events.ts';
import { iceServersOf } from '../client/ice-servers.ts';
import { selectedWay } from '../client/selected-way.ts';
import type { Scenario } from '../model/scenario.ts';
import type { PageSide } from './side.ts';

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

/** A client as people write them, with the choices of the scenario, and without any help. */
export class NaiveCall {
  readonly #scenario: Scenario;
  readonly #side: PageSide;
  readonly #log: (happening: Happening) => void;
  #peer: RTCPeerConnection | undefined;
  #early: RTCIceCandidateInit[] = [];

  constructor(scenario: Scenario, side: PageSide, log: (happening: Happening) => void) {
    this.#scenario = scenario;
    this.#side = side;
    this.#log = log;
  }

  /** Resolves with the connection as soon as there is one; the call goes on. */
  async start(): Promise<RTCPeerConnection> {
    const late = this.#scenario.credentials === 'after-local-description';
    const peer = await this.#open(late ? [] : await this.#servers());
    this.#peer = peer;
    if (!this.#side.calls) await pause(this.#scenario.wakeMs);
    this.#side.receive(signal => void this.#take(peer, signal));
    if (this.#side.calls) {
      await peer.setLocalDescription(await peer.createOffer());
      if (late) void this.#servers().then(iceServers => peer.setConfiguration({ iceServers }));
      void this.#sendDescription(peer);
    }
    return peer;
  }

  close(): void {
    this.#peer?.close();
  }

  async #servers(): Promise<RTCIceServer[]> {
    const startedMs = performance.now();
    if (this.#scenario.credentials !== 'before-call') await pause(this.#scenario.credentialsMs);
    this.#log({ kind: 'credentials', tookMs: performance.now() - startedMs });
    const { credentials } = this.#side;
    // As the application lists them, duplicates and all.
    if (this.#scenario.uris)
      return [
        { urls: [...this.#scenario.uris], username: credentials.username, credential: credentials.password },
      ];
    return iceServersOf(credentials);
  }

  async #open(iceServers: RTCIceServer[]): Promise<RTCPeerConnection> {
    const { policy, poolSize, trickle } = this.#scenario;
    const peer = new RTCPeerConnection({
      iceServers,
      iceTransportPolicy: policy,
      iceCandidatePoolSize: poolSize,
    });
    this.#log({ kind: 'peer', servers: iceServers.length });
    peer.onicecandidate = ({ candidate }) => {
      if (!candidate) {
        this.#log({ kind: 'gathered' });
        return;
      }
      const info = describeCandidate(candidate);
      if (info) this.#log({ kind: 'candidate', side: 'local', ...info });
      if (trickle) this.#side.send({ candidate: candidate.toJSON() });
    };
    peer.onicecandidateerror = ({ url, errorCode, errorText }) =>
      this.#log({ kind: 'candidate-error', url, code: errorCode, message: errorText });
    peer.oniceconnectionstatechange = async () => {
      this.#log({ kind: 'state', state: peer.iceConnectionState });
      if (peer.iceConnectionState === 'connected')
        this.#log({ kind: 'connected', via: await selectedWay(peer) });
    };
    this.#side.attach(peer);
    return peer;
  }

  async #take(
    peer: RTCPeerConnection,
    signal: Parameters<Parameters<PageSide['receive']>[0]>[0],
  ): Promise<void> {
    if ('candidate' in signal) {
      const info = readCandidate(signal.candidate.candidate ?? '');
      if (info) this.#log({ kind: 'candidate', side: 'remote', ...info });
      if (peer.remoteDescription) await peer.addIceCandidate(signal.candidate);
      else if (this.#scenario.keepEarlyCandidates) this.#early.push(signal.candidate);
      else this.#log({ kind: 'candidate-dropped', type: info?.type ?? 'end' });
      return;
    }
    const { description } = signal;
    this.#log({ kind: 'received', type: description.type, relayCandidates: relaysIn(description.sdp) });
    for (const candidate of candidatesIn(description.sdp))
      this.#log({ kind: 'candidate', side: 'remote', ...candidate });
    await peer.setRemoteDescription(description);
    for (const candidate of this.#early.splice(0)) await peer.addIceCandidate(candidate);
    if (description.type === 'answer') return;
    await peer.setLocalDescription(await peer.createAnswer());
    if (this.#scenario.credentials === 'after-local-description') {
      void this.#servers().then(iceServers => peer.setConfiguration({ iceServers }));
    }
    await this.#sendDescription(peer);
  }

  async #sendDescription(peer: RTCPeerConnection): Promise<void> {
    const startedMs = performance.now();
    await this.#wait(peer);
    const { type, sdp } = peer.localDescription ?? {};
    if ((type !== 'offer' && type !== 'answer') || sdp === undefined) return;
    this.#log({
      kind: 'sent',
      type,
      relayCandidates: relaysIn(sdp),
      waitedMs: performance.now() - startedMs,
    });
    this.#side.send({ description: { type, sdp } });
  }

  #wait(peer: RTCPeerConnection): Promise<void> {
    const { waitFor, waitMs } = this.#scenario;
    if (waitFor === 'nothing') return Promise.resolve();
    const isThere = () =>
      peer.iceGatheringState === 'complete' ||
      (waitFor === 'relay' && relaysIn(peer.localDescription?.sdp ?? '') > 0);
    return new Promise(done => {
      const late = setTimeout(done, waitMs);
      const look = () => {
        if (!isThere()) return;
        clearTimeout(late);
        done();
      };
      peer.addEventListener('icecandidate', look);
      peer.addEventListener('icegatheringstatechange', look);
      look();
    });
  }
}
