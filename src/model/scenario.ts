/**
 * How a WebRTC client goes about a call: what `coldstart` lets it do in a browser. Everything that makes first calls fail is
 * a choice in here, so that somebody can describe the client they have.
 */
export interface Scenario {
  readonly name: string;
  /** `reference` is turnctl's own client; the other choices are those of a `naive` one. */
  readonly client: 'naive' | 'reference';
  /** When the client asks for credentials; `after-local-description` configures the connection when gathering runs already. */
  readonly credentials: 'before-call' | 'on-call' | 'after-local-description';
  /** How long the credential endpoint takes, in milliseconds. */
  readonly credentialsMs: number;
  /** Whether candidates are sent one by one as they come. */
  readonly trickle: boolean;
  /** What a description waits for before it is sent. */
  readonly waitFor: 'nothing' | 'relay' | 'gathering';
  /** At most so long, in milliseconds. */
  readonly waitMs: number;
  readonly policy: 'all' | 'relay';
  /** `iceCandidatePoolSize`. */
  readonly poolSize: number;
  /** Whether remote candidates that come before the remote description are kept. */
  readonly keepEarlyCandidates: boolean;
  /** How long the side that is called takes to wake up, as by a push message, in milliseconds; what comes meanwhile waits for it. */
  readonly wakeMs: number;
  /** How long a message of the signalling takes, in milliseconds. */
  readonly signallingMs: number;
  /** When the client gives a call up, in milliseconds. */
  readonly giveUpMs: number;
  /** URIs to use in the place of those of the server: a dead one, or one that is listed twice. */
  readonly uris?: readonly string[];
}

/** The client of the story: credentials only when the call starts, one description with what is there, no trickling. */
export const NAIVE: Scenario = {
  name: 'naive',
  client: 'naive',
  credentials: 'on-call',
  credentialsMs: 0,
  trickle: false,
  waitFor: 'gathering',
  waitMs: 60_000,
  policy: 'all',
  poolSize: 0,
  keepEarlyCandidates: true,
  wakeMs: 0,
  signallingMs: 0,
  giveUpMs: 60_000,
};

export const REFERENCE: Scenario = {
  ...NAIVE,
  name: 'reference',
  client: 'reference',
  credentials: 'before-call',
  trickle: true,
  waitFor: 'nothing',
  waitMs: 5_000,
  giveUpMs: 45_000,
};
