import { describeCandidate } from '../client/candidates.ts';
import type { TurnCredentials } from '../client/credential-cache.ts';
import type { CandidateInfo, ClientEvent, Happening } from '../client/events.ts';

export interface GatherOptions {
  readonly uris: readonly string[];
  readonly credentials: TurnCredentials;
  readonly policy: RTCIceTransportPolicy;
  /** Milliseconds. */
  readonly giveUpMs: number;
}

/** Told each event as it comes, and the candidate where it is one. */
export type OnGathering = (event: ClientEvent, candidate?: RTCIceCandidate) => void;

/** Gathers once with these URIs as they are; resolves at the end of it, or when it is given up. */
export function gather(
  { uris, credentials, policy, giveUpMs }: GatherOptions,
  onEvent: OnGathering = () => {},
): Promise<readonly ClientEvent[]> {
  const startedMs = performance.now();
  const events: ClientEvent[] = [];
  const log = (happening: Happening, candidate?: RTCIceCandidate): void => {
    const event: ClientEvent = { ...happening, atMs: performance.now() - startedMs };
    events.push(event);
    onEvent(event, candidate);
  };
  const { username, password } = credentials;
  const peer = new RTCPeerConnection({
    iceServers: [{ urls: [...uris], username, credential: password }],
    iceTransportPolicy: policy,
  });
  return new Promise<readonly ClientEvent[]>(done => {
    const late = setTimeout(() => done(events), giveUpMs);
    peer.onicecandidate = ({ candidate }) => {
      const info: CandidateInfo | undefined = (candidate && describeCandidate(candidate)) ?? undefined;
      if (candidate && info) log({ kind: 'candidate', side: 'local', ...info }, candidate);
      if (candidate !== null) return;
      log({ kind: 'gathered' });
      clearTimeout(late);
      done(events);
    };
    peer.onicecandidateerror = ({ url, errorCode, errorText }) =>
      log({ kind: 'candidate-error', url, code: errorCode, message: errorText });
    peer.createDataChannel('gather');
    void peer.setLocalDescription();
  }).finally(() => peer.close());
}
