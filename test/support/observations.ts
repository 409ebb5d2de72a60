import type {
  AllocateObservation,
  BindingObservation,
  DataPathObservation,
  Failure,
  Leg,
  PeerPolicyObservation,
} from '../../src/model/observation.ts';
import type { Transport } from '../../src/model/transport.ts';

/** The server of the healthy deployment, and a client of it. Addresses of documentation, RFC 5737. */
export const serverAddress = { ip: '203.0.113.10', port: 3478 };
const clientAddress = { ip: '198.51.100.77', port: 40_000 };

interface Where {
  readonly transport?: Transport;
  readonly ip?: string;
  readonly port?: number;
}

function base({ transport = 'udp', ip = serverAddress.ip, port = transport === 'tls' ? 5349 : 3478 }: Where) {
  const scheme = transport === 'tls' ? 'turns' : 'turn';
  const host = ip.includes(':') ? `[${ip}]` : ip;
  return {
    uri: `${scheme}:${host}:${port}?transport=${transport === 'udp' ? 'udp' : 'tcp'}`,
    transport,
    server: { ip, port },
    stagesMs: { binding: 1, challenge: 1.2, allocate: 1.1 },
  };
}

/** Five requests within the time that turnctl allows a silent server. */
export const silence: Failure = { outcome: 'no-response', requestsSent: 5, waitedMs: 4000 };

export const refused: Failure = { outcome: 'refused', error: 'ECONNREFUSED' };

export const errorResponse = (code: number, reason = ''): Failure => ({
  outcome: 'error-response',
  code,
  reason,
});

export const binding = (where: Where = {}): BindingObservation => ({
  probe: 'stun-binding',
  ...base(where),
  outcome: 'answered',
  mappedAddress: clientAddress,
  localAddress: clientAddress,
  requestsSent: 1,
  rttMs: 1,
});

export const bindingFailed = (failure: Failure, where: Where = {}): BindingObservation => ({
  probe: 'stun-binding',
  ...base(where),
  ...failure,
});

type Allocated = Extract<AllocateObservation, { outcome: 'allocated' }>;

export const allocated = (changes: Partial<Allocated> = {}, where: Where = {}): AllocateObservation => ({
  probe: 'turn-allocate',
  ...base(where),
  requestedTransport: 'udp',
  username: '1769864400:turnctl',
  credential: 'time-limited',
  realm: 'turn.example.org',
  requestsSent: 2,
  outcome: 'allocated',
  challenged: true,
  relayedAddress: { ip: serverAddress.ip, port: 50_123 },
  mappedAddress: clientAddress,
  localAddress: clientAddress,
  lifetimeSeconds: 600,
  integrity: 'verified',
  retries: [],
  ...changes,
});

export const allocateFailed = (
  failure: Failure & { readonly afterChallenge?: boolean },
  where: Where & { readonly requestedTransport?: 'udp' | 'tcp'; readonly realm?: string } = {},
): AllocateObservation => ({
  probe: 'turn-allocate',
  ...base(where),
  requestedTransport: where.requestedTransport ?? 'udp',
  requestsSent: 2,
  ...(where.realm === undefined ? {} : { realm: where.realm }),
  ...failure,
});

/** A 401 and nothing to answer it with. */
export const challenged = (realm: string, where: Where = {}): AllocateObservation => ({
  probe: 'turn-allocate',
  ...base(where),
  requestedTransport: 'udp',
  requestsSent: 1,
  realm,
  outcome: 'challenged',
});

const passed: Leg = { outcome: 'passed', ms: 0.5 };

type DataPath = Extract<DataPathObservation, { outcome: 'complete' }>;

export const dataPath = (changes: Partial<DataPath> = {}, where: Where = {}): DataPathObservation => ({
  probe: 'turn-data-path',
  ...base(where),
  outcome: 'complete',
  relayedAddress: { ip: serverAddress.ip, port: 50_123 },
  peerAddress: { ip: clientAddress.ip, port: 41_000 },
  permission: passed,
  inbound: passed,
  outbound: passed,
  channelBind: passed,
  channelInbound: passed,
  channelOutbound: passed,
  unpermitted: { outcome: 'lost', waitedMs: 200, sent: 1 },
  deleted: passed,
  ...changes,
});

type Peers = Extract<PeerPolicyObservation, { outcome: 'complete' }>['peers'];

export const peerPolicy = (peers: Peers, where: Where = {}): PeerPolicyObservation => ({
  probe: 'turn-peer-policy',
  ...base(where),
  outcome: 'complete',
  peers,
});
