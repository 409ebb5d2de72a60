/** `turnctl/client`: a WebRTC client whose first call works. Plain browser code without dependencies. */
import { Call, CallFailed, type CallOptions, type Signal, type Signalling } from './call.ts';
import { CredentialCache, type TurnCredentials } from './credential-cache.ts';
import { type ClientEvent, describeEvent } from './events.ts';
import { iceServersOf } from './ice-servers.ts';

export { Call, CallFailed, type CallOptions, type Signal, type Signalling } from './call.ts';
export type { TurnCredentials } from './credential-cache.ts';
export { type CandidateInfo, type ClientEvent, describeEvent, type FailureCause } from './events.ts';

export interface ClientOptions {
  /** Asks the application's endpoint, as `fetch(…).then(response => response.json())`. */
  readonly credentials: () => Promise<TurnCredentials>;
  /** How long one is used, in milliseconds. Default 5 minutes, and never past its ttl. */
  readonly maxAgeMs?: number;
  /** Takes each event as a line. Default `console.info`; null for silence. */
  readonly log?: ((line: string) => void) | null;
}

export interface WarmUp {
  /** Whether a relay candidate came, which is what a call through strict networks needs. */
  readonly relay: boolean;
  readonly tookMs: number;
}

export interface TurnClient {
  /**
   * At the start of the application: fetches credentials and gathers once, so that names, connections and the way to the relay
   * are known before the first call. Never rejects; what went wrong is in the log.
   */
  warmUp(): Promise<WarmUp>;
  /** Starts a call, or takes one. Credentials are there before the peer connection is. @throws {CallFailed} without any */
  call(signalling: Signalling, options: CallOptions): Promise<Call>;
}

const WARM_UP_MS = 5_000;

export function createTurnClient(options: ClientOptions): TurnClient {
  const { log = line => console.info(line) } = options;
  const cache = new CredentialCache(
    options.credentials,
    options.maxAgeMs === undefined ? {} : { maxAgeMs: options.maxAgeMs },
  );
  const servers = async () => iceServersOf(await cache.get());
  const say = (event: ClientEvent): void => log?.(describeEvent(event));

  async function warmUp(): Promise<WarmUp> {
    const startedMs = performance.now();
    const relay = await servers()
      .then(gatherOnce, error => {
        say({ kind: 'credentials-failed', atMs: performance.now() - startedMs, message: String(error) });
        return false;
      })
      .catch((error: unknown) => {
        // A list with one bad URL in it is refused as a whole.
        say({ kind: 'problem', atMs: performance.now() - startedMs, message: String(error) });
        return false;
      });
    const tookMs = performance.now() - startedMs;
    say({ kind: 'warm-up', atMs: tookMs, relay, tookMs });
    return { relay, tookMs };
  }

  async function call(signalling: Signalling, callOptions: CallOptions): Promise<Call> {
    const startedMs = performance.now();
    // What comes before the peer connection is there must not be lost.
    const early: Signal[] = [];
    let take = (signal: Signal): void => void early.push(signal);
    signalling.receive(signal => take(signal));
    const iceServers = await servers().catch(error => {
      say({ kind: 'credentials-failed', atMs: performance.now() - startedMs, message: String(error) });
      throw new CallFailed(
        'no-credentials',
        `no credentials: ${error instanceof Error ? error.message : error}`,
      );
    });
    const peer = new RTCPeerConnection({
      iceServers,
      bundlePolicy: 'max-bundle',
      iceTransportPolicy: callOptions.policy ?? 'all',
    });
    const onEvent = (event: ClientEvent): void => {
      say(event);
      // The next restart is to ask for another one.
      if (event.kind === 'candidate-error' && event.code === 401) cache.drop();
      callOptions.onEvent?.(event);
    };
    const started = new Call(peer, signalling, servers, { ...callOptions, onEvent, startedMs });
    started.log({ kind: 'credentials', tookMs: performance.now() - startedMs });
    started.log({ kind: 'peer', servers: iceServers.length });
    take = signal => started.take(signal);
    for (const signal of early) started.take(signal);
    return started;
  }

  return { warmUp, call };
}

/** Whether a relay candidate comes, with a connection that is thrown away. */
function gatherOnce(iceServers: RTCIceServer[]): Promise<boolean> {
  const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  return new Promise<boolean>(done => {
    const late = setTimeout(() => done(false), WARM_UP_MS);
    peer.onicecandidate = ({ candidate }) => {
      if (candidate?.type === 'relay' || candidate === null) {
        clearTimeout(late);
        done(candidate !== null);
      }
    };
    peer.createDataChannel('warm-up');
    void peer.setLocalDescription();
  }).finally(() => peer.close());
}
