import type { TrialName } from '../model/observations/turn-trial.ts';
import type { ServerUri } from '../model/target.ts';
import type { Transport, TransportAddress } from '../model/transport.ts';
import { TRIAL_PLACES, TRIALS } from './trials/placement.ts';

/** What can be asked for. `dns` always happens. */
export type Step =
  /** SRV and NAPTR records; what they lead to is asked the other questions too. */
  | 'dns-discovery'
  | 'stun-binding'
  | 'stun-series'
  | 'stun-conformance'
  | 'stun-ports'
  | 'nat-behaviour'
  | 'tls-handshake'
  | 'tls-survey'
  | 'turn-allocate'
  | 'turn-auth'
  | 'turn-data-path'
  | 'turn-peer-policy'
  | 'turn-tcp-relay'
  | 'server-identity'
  | 'challenge-limit'
  | 'load'
  | 'malformed-requests'
  | 'management-ports'
  | 'peer-reach'
  | 'unauthenticated-answers'
  /** Parts of a relay session, each by its name. */
  | TrialName;

/** What `diagnose` asks by itself: nothing that a server may count as an attack, and nothing that takes long. */
export const EVERY_STEP: ReadonlySet<Step> = new Set<Step>([
  'stun-binding',
  'tls-handshake',
  'turn-allocate',
  'turn-data-path',
  'turn-peer-policy',
  'turn-tcp-relay',
  'server-identity',
  'relay-to-relay',
  'sizes',
]);

/** Does the server answer, and with what: nothing that needs more than one allocation a URI. */
export const REACHABILITY: ReadonlySet<Step> = new Set<Step>([
  'stun-binding',
  'tls-handshake',
  'turn-allocate',
]);

/** Where a conversation goes. */
export interface Destination {
  readonly uri: ServerUri;
  readonly server: TransportAddress;
}

/** One conversation over one 5-tuple (a dozen of them for `server-identity`). */
export type Conversation = Destination &
  /** The step of the same name. */
  (
    | {
        readonly kind: Exclude<
          Step,
          'dns-discovery' | 'turn-allocate' | 'turn-data-path' | 'turn-peer-policy' | TrialName
        >;
      }
    /** Allocate, and with the same allocation the data path, the peer policy, and what else is tried. */
    | {
        readonly kind: 'relay-session';
        readonly dataPath: boolean;
        readonly peerPolicy: boolean;
        readonly trials: readonly TrialName[];
      }
  );

/** A URI and what its name resolved to. */
export interface ResolvedTarget {
  readonly uri: ServerUri;
  readonly ips: readonly string[];
}

export interface PlanInput {
  readonly targets: readonly ResolvedTarget[];
  readonly steps: ReadonlySet<Step>;
  /** Whether there are credentials to allocate with. */
  readonly credentials: boolean;
}

const isTurn = ({ scheme }: ServerUri): boolean => scheme === 'turn' || scheme === 'turns';

const asksForRelay = (steps: ReadonlySet<Step>): boolean =>
  steps.has('turn-allocate') ||
  steps.has('turn-data-path') ||
  steps.has('turn-peer-policy') ||
  TRIALS.some(trial => steps.has(trial));

/** What a question is asked of once: destinations with the same key are one. Null: not asked there. */
type KeyOf = (destination: Destination) => string | null;

const everyListener: KeyOf = ({ uri, server }) =>
  `${uri.scheme} ${server.ip} ${server.port} ${uri.transport} ${uri.host}`;
const everyTlsListener: KeyOf = to => (to.uri.transport === 'tls' ? everyListener(to) : null);
const everyTurnListener: KeyOf = to => (isTurn(to.uri) ? everyListener(to) : null);
const everyUdpListener: KeyOf = ({ uri, server }) =>
  uri.transport === 'udp' ? `${server.ip} ${server.port}` : null;
const everyTurnOverUdp: KeyOf = to => (isTurn(to.uri) ? everyUdpListener(to) : null);
const onceAnAddress: KeyOf = ({ server }) => server.ip;
const onceATurnAddress: KeyOf = ({ uri, server }) => (isTurn(uri) ? server.ip : null);
const onceAnAddressOverStream: KeyOf = ({ uri, server }) =>
  isTurn(uri) && uri.transport !== 'udp' ? server.ip : null;

const PLACES: { readonly [P in (typeof TRIAL_PLACES)[TrialName]]: KeyOf } = {
  'every-listener': everyTurnListener,
  'every-udp-listener': to => (to.uri.transport === 'udp' ? everyTurnListener(to) : null),
  'once-an-address': onceATurnAddress,
  'once-an-address-over-a-stream': onceAnAddressOverStream,
};

interface Question {
  readonly kind: Conversation['kind'];
  readonly once: KeyOf;
  /** Left out without credentials. */
  readonly authenticated?: true;
}

/** What is asked where, in the order of the conversations with one destination. */
const QUESTIONS: readonly Question[] = [
  // Browsers send Binding to turn: servers as well.
  { kind: 'stun-binding', once: everyListener },
  { kind: 'tls-handshake', once: everyTlsListener },
  { kind: 'tls-survey', once: everyTlsListener },
  { kind: 'relay-session', once: everyTurnListener },
  { kind: 'turn-tcp-relay', once: onceAnAddressOverStream, authenticated: true },
  { kind: 'server-identity', once: everyUdpListener },
  { kind: 'stun-series', once: everyListener },
  { kind: 'stun-conformance', once: everyListener },
  { kind: 'stun-ports', once: onceAnAddress },
  { kind: 'nat-behaviour', once: everyUdpListener },
  { kind: 'turn-auth', once: onceAnAddress },
  { kind: 'peer-reach', once: onceAnAddress, authenticated: true },
  { kind: 'unauthenticated-answers', once: everyTurnOverUdp },
  { kind: 'malformed-requests', once: everyTurnOverUdp },
  { kind: 'management-ports', once: onceAnAddress },
  { kind: 'challenge-limit', once: everyTurnOverUdp },
  { kind: 'load', once: everyTurnOverUdp, authenticated: true },
];

/** The first destination with each key, in order. */
function firsts(destinations: readonly Destination[], keyOf: KeyOf): ReadonlySet<Destination> {
  const seen = new Set<string>();
  return new Set(
    destinations.filter(destination => {
      const key = keyOf(destination);
      return key !== null && !seen.has(key) && seen.add(key);
    }),
  );
}

// UDP first: a policy asked over it needs no connection, and clients try it first too.
const ORDER: readonly Transport[] = ['udp', 'tcp', 'tls'];

/**
 * Which conversations tell all about the targets. Every address of every name is probed: one dead AAAA is a slow call
 * now and then. Peer policy is asked once an address, RFC 6062 too (over TCP, or TLS where there is no TCP), identity
 * once a UDP listener.
 */
export function planConversations({ targets, steps, credentials }: PlanInput): readonly Conversation[] {
  const destinations: Destination[] = targets
    .flatMap(({ uri, ips }) => ips.map(ip => ({ uri, server: { ip, port: uri.port } })))
    .sort((a, b) => ORDER.indexOf(a.uri.transport) - ORDER.indexOf(b.uri.transport));
  const policies = firsts(destinations, onceATurnAddress);
  const trials = TRIALS.filter(trial => steps.has(trial)).map(trial => ({
    trial,
    at: firsts(destinations, PLACES[TRIAL_PLACES[trial]]),
  }));
  const questions = QUESTIONS.filter(({ kind, authenticated }) => {
    const asked = kind === 'relay-session' ? asksForRelay(steps) : steps.has(kind);
    return asked && (credentials || !authenticated);
  }).map(({ kind, once }) => ({ kind, at: firsts(destinations, once) }));
  const conversationOf = (kind: Conversation['kind'], to: Destination): Conversation =>
    kind === 'relay-session'
      ? {
          ...to,
          kind,
          dataPath: steps.has('turn-data-path'),
          peerPolicy: steps.has('turn-peer-policy') && policies.has(to),
          trials: trials.filter(({ at }) => at.has(to)).map(({ trial }) => trial),
        }
      : { ...to, kind };
  return destinations.flatMap(to =>
    questions.filter(({ at }) => at.has(to)).map(({ kind }) => conversationOf(kind, to)),
  );
}
