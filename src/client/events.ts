/** Which of the two a candidate belongs to. */
export type Side = 'local' | 'remote';

/** What can be said of a candidate (RFC 8445 §5.1.1). */
export interface CandidateInfo {
  readonly type: string;
  /** `udp` or `tcp`, of the candidate itself. */
  readonly protocol: string;
  /** How a relay candidate reaches its server: `udp`, `tcp` or `tls`. */
  readonly relayProtocol?: string;
  /** The server it came from, where the browser tells. */
  readonly url?: string;
}

/** Why a call was given up; `message` of the event says it for people. */
export type FailureCause =
  /** The credential endpoint did not give any. */
  | 'no-credentials'
  /** No description of the other side came. */
  | 'no-answer'
  /** No relay candidate of ours: wrong credentials, or no way to the server. */
  | 'no-local-relay'
  /** None of the other side's. */
  | 'no-remote-relay'
  /** Candidates on both sides, and no pair of them works. */
  | 'no-path'
  /** The connection was there and broke, and could not be mended. */
  | 'lost';

interface What {
  'warm-up': { readonly relay: boolean; readonly tookMs: number };
  credentials: { readonly tookMs: number };
  'credentials-failed': { readonly message: string };
  peer: { readonly servers: number };
  candidate: { readonly side: Side } & CandidateInfo;
  /** Of the other side, before its description, by a client that does not keep them. */
  'candidate-dropped': { readonly type: string };
  'candidate-error': { readonly url: string; readonly code: number; readonly message: string };
  gathered: object;
  sent: { readonly type: 'offer' | 'answer'; readonly relayCandidates: number; readonly waitedMs: number };
  received: { readonly type: 'offer' | 'answer'; readonly relayCandidates: number };
  state: { readonly state: RTCIceConnectionState };
  restart: { readonly why: string };
  problem: { readonly message: string };
  connected: { readonly via: string };
  failed: { readonly cause: FailureCause; readonly message: string };
  closed: object;
}

export type EventKind = keyof What;

/** One thing that happened, and when: milliseconds since the call (or the warm-up) began. */
export type ClientEvent = {
  readonly [K in EventKind]: { readonly kind: K; readonly atMs: number } & What[K];
}[EventKind];

/** What the log is told: an event without its time. */
export type Happening = { readonly [K in EventKind]: { readonly kind: K } & What[K] }[EventKind];

/** The event as a line for the console. */
export function describeEvent(event: ClientEvent): string {
  const after = `after ${Math.round(event.atMs)} ms`;
  return `[WebRTC] ${wordsOf(event, after)}`;
}

function wordsOf(event: ClientEvent, after: string): string {
  switch (event.kind) {
    case 'warm-up':
      return event.relay ? `warm-up: relay candidate ${after}` : `warm-up: no relay candidate ${after}`;
    case 'credentials':
      return `credentials ${after}`;
    case 'credentials-failed':
      return `no credentials: ${event.message}`;
    case 'peer':
      return `peer connection with ${event.servers} ICE servers ${after}`;
    case 'candidate': {
      const whose = event.side === 'local' ? '' : ' of the other side';
      const over = event.relayProtocol ?? event.protocol;
      return `${event.type} candidate${whose} ${after} (${over}${event.url ? `, ${event.url}` : ''})`;
    }
    case 'candidate-dropped':
      return `${event.type} candidate of the other side ${after}, too early, and thrown away`;
    case 'candidate-error':
      return `${event.url}: ${event.code} ${event.message}`;
    case 'gathered':
      return `gathering complete ${after}`;
    case 'sent':
      return `${event.type} sent ${after} with ${event.relayCandidates} relay candidates`;
    case 'received':
      return `${event.type} received ${after} with ${event.relayCandidates} relay candidates`;
    case 'state':
      return `ICE ${event.state} ${after}`;
    case 'restart':
      return `ICE restart ${after}: ${event.why}`;
    case 'problem':
      return `negotiation: ${event.message}`;
    case 'connected':
      return `connected ${after} via ${event.via}`;
    case 'failed':
      return `given up ${after}: ${event.message}`;
    case 'closed':
      return `closed ${after}`;
  }
}
