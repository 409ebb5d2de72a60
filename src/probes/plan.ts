import type { ServerUri } from '../model/target.ts';
import type { Transport, TransportAddress } from '../model/transport.ts';

/** What can be asked for. `dns` always happens. */
export type Step =
  | 'stun-binding'
  | 'tls-handshake'
  | 'turn-allocate'
  | 'turn-data-path'
  | 'turn-peer-policy'
  | 'turn-tcp-relay'
  | 'server-identity';

export const EVERY_STEP: ReadonlySet<Step> = new Set<Step>([
  'stun-binding',
  'tls-handshake',
  'turn-allocate',
  'turn-data-path',
  'turn-peer-policy',
  'turn-tcp-relay',
  'server-identity',
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
  (
    | { readonly kind: 'stun-binding' | 'tls-handshake' | 'turn-tcp-relay' | 'server-identity' }
    /** Allocate, and with the same allocation the data path and the peer policy. */
    | { readonly kind: 'relay-session'; readonly dataPath: boolean; readonly peerPolicy: boolean }
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
  steps.has('turn-allocate') || steps.has('turn-data-path') || steps.has('turn-peer-policy');

/** The first destination with each key, in order: what belongs to the server is asked once, not for each URI. */
function firsts(destinations: readonly Destination[], keyOf: (destination: Destination) => string | null) {
  const seen = new Set<string>();
  return new Set(
    destinations.filter(destination => {
      const key = keyOf(destination);
      if (key === null || seen.has(key)) return false;
      seen.add(key);
      return true;
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
  const turn = destinations.filter(({ uri }) => isTurn(uri));
  const listenerOf = ({ uri, server }: Destination) => `${server.ip} ${server.port} ${uri.transport}`;
  const policies = firsts(turn, ({ server }) => server.ip);
  const tcpRelays = firsts(turn, to => (to.uri.transport === 'udp' ? null : to.server.ip));
  const identities = firsts(turn, to => (to.uri.transport === 'udp' ? listenerOf(to) : null));
  return destinations.flatMap(to => {
    const planned: (Conversation | false)[] = [
      // Browsers send Binding to turn: servers as well.
      steps.has('stun-binding') && { ...to, kind: 'stun-binding' },
      steps.has('tls-handshake') && to.uri.transport === 'tls' && { ...to, kind: 'tls-handshake' },
      isTurn(to.uri) &&
        asksForRelay(steps) && {
          ...to,
          kind: 'relay-session',
          dataPath: steps.has('turn-data-path'),
          peerPolicy: steps.has('turn-peer-policy') && policies.has(to),
        },
      steps.has('turn-tcp-relay') && credentials && tcpRelays.has(to) && { ...to, kind: 'turn-tcp-relay' },
      steps.has('server-identity') && identities.has(to) && { ...to, kind: 'server-identity' },
    ];
    return planned.filter(conversation => conversation !== false);
  });
}
