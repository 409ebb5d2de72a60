import type { Observation, ProbeName } from '../../src/model/observation.ts';
import type { DnsObservation } from '../../src/model/observations/dns.ts';
import type { DiscoveredRecord, DiscoveryObservation } from '../../src/model/observations/dns-discovery.ts';
import type { NatObservation } from '../../src/model/observations/nat-behaviour.ts';
import type { IdentityObservation } from '../../src/model/observations/server-identity.ts';
import type { BindingObservation } from '../../src/model/observations/stun-binding.ts';
import type { ConformanceObservation } from '../../src/model/observations/stun-conformance.ts';
import type { SeriesObservation } from '../../src/model/observations/stun-series.ts';
import type { ServedCertificate, TlsObservation } from '../../src/model/observations/tls-handshake.ts';
import type { TlsSurveyObservation } from '../../src/model/observations/tls-survey.ts';
import type { AllocateObservation } from '../../src/model/observations/turn-allocate.ts';
import type { AuthObservation, AuthTry } from '../../src/model/observations/turn-auth.ts';
import type { DataPathObservation, Leg } from '../../src/model/observations/turn-data-path.ts';
import type { PeerPolicyObservation } from '../../src/model/observations/turn-peer-policy.ts';
import type { TrialName, TrialObservation, TrialResults } from '../../src/model/observations/turn-trial.ts';
import type { Failure } from '../../src/model/outcome.ts';
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

type Handshake = Extract<TlsObservation, { outcome: 'handshake' }>;

/** The certificate of the healthy deployment, as served. */
export const servedCertificate: ServedCertificate = {
  subject: 'CN=turn.example.org',
  issuer: 'CN=Example CA',
  names: ['turn.example.org'],
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-04-01T00:00:00.000Z',
  fingerprint256: 'AA:BB',
  chainLength: 2,
};

/** A handshake with `turns:turn.example.org`, unless the changes say otherwise. */
export const handshake = (changes: Partial<Handshake> = {}, where: Where = {}): TlsObservation => ({
  probe: 'tls-handshake',
  ...base({ transport: 'tls', ...where }),
  uri: 'turns:turn.example.org:5349?transport=tcp',
  outcome: 'handshake',
  protocol: 'TLSv1.2',
  cipher: 'ECDHE-RSA-AES256-GCM-SHA384',
  certificate: servedCertificate,
  ...changes,
});

export const handshakeFailed = (failure: Failure, where: Where = {}): TlsObservation => ({
  probe: 'tls-handshake',
  ...base({ transport: 'tls', ...where }),
  ...failure,
});

export const lookup = (host: string, ...ips: readonly string[]): DnsObservation => ({
  probe: 'dns',
  uri: `turn:${host}:3478?transport=udp`,
  transport: 'udp',
  stagesMs: { dns: 4 },
  ...(ips.length > 0
    ? { outcome: 'resolved', ips }
    : { outcome: 'unresolved', error: `getaddrinfo ENOTFOUND ${host}` }),
});

type Identity = Extract<IdentityObservation, { outcome: 'complete' }>;

/** Twenty challenges and four authenticated requests, all answered by one server. */
export const identity = (changes: Partial<Identity> = {}, where: Where = {}): IdentityObservation => ({
  probe: 'server-identity',
  ...base(where),
  outcome: 'complete',
  asked: 20,
  answered: 20,
  faces: [{ realm: 'turn.example.org', software: "Coturn-4.6.1 'Gorst'", nonceLength: 16, count: 20 }],
  staleOnFirstTry: 0,
  rejected: 0,
  authenticated: 4,
  ...changes,
});

type Authenticated = Extract<AuthObservation, { outcome: 'complete' }>;

/** What a server answered to credentials. */
export const tried = (answer: AuthTry['answer']): AuthTry => ({ answer, ms: 0.5, sizeBytes: 80 });

/** The secret is taken and everything wrong is refused, by a server whose clock is right. */
export const authenticated = (changes: Partial<Authenticated> = {}, where: Where = {}): AuthObservation => ({
  probe: 'turn-auth',
  ...base(where),
  outcome: 'complete',
  challenge: {
    realm: 'turn.example.org',
    announced: { passwordAlgorithms: false, usernameAnonymity: false },
    passwordAlgorithms: null,
  },
  given: [{ label: 'the secret of a file', kind: 'time-limited', ...tried('accepted') }],
  wrong: [
    { kind: 'wrong-password', ...tried(401) },
    { kind: 'unknown-user', ...tried(401) },
    { kind: 'garbled-integrity', ...tried(401) },
    { kind: 'foreign-realm', ...tried(441) },
    { kind: 'no-integrity', ...tried(401) },
    { kind: 'expired', ...tried(401) },
  ],
  clock: { atLeastSeconds: -1.2, atMostSeconds: 1.1, tries: 5 },
  refusals: 8,
  ...changes,
});

export const authenticationFailed = (
  outcome: Failure | { readonly outcome: 'unchallenged' },
  where: Where = {},
): AuthObservation => ({ probe: 'turn-auth', ...base(where), ...outcome });

type Survey = Extract<TlsSurveyObservation, { outcome: 'complete' }>;

/** A coturn of today, with an ECDSA certificate. */
export const tlsSurvey = (changes: Partial<Survey> = {}): TlsSurveyObservation => ({
  probe: 'tls-survey',
  ...base({ transport: 'tls' }),
  outcome: 'complete',
  versions: [
    { version: 'TLSv1.1', answer: 'refused', alert: 70 },
    { version: 'TLSv1.2', answer: 'taken' },
    { version: 'TLSv1.3', answer: 'taken' },
  ],
  weakSuites: [
    { kind: 'rc4', answer: 'refused', alert: 40 },
    { kind: 'no-forward-secrecy', answer: 'taken' },
  ],
  inside: { outcome: 'answered' },
  variations: [],
  dtls: { outcome: 'no-response', requestsSent: 3, waitedMs: 2000 },
  ...changes,
});

export const tlsSurveyFailed = (failure: Failure): TlsSurveyObservation => ({
  probe: 'tls-survey',
  ...base({ transport: 'tls' }),
  ...failure,
});

/** A trial that was made, with what came of it. */
export const trial = <T extends TrialName>(
  name: T,
  result: TrialResults[T],
  where: Where = {},
): TrialObservation =>
  ({
    probe: 'turn-trial',
    ...base(where),
    stagesMs: { trial: 1 },
    trial: name,
    outcome: 'complete',
    result,
  }) as unknown as TrialObservation;

type Series = Extract<SeriesObservation, { outcome: 'complete' }>;

/** A hundred requests, all answered. */
export const series = (changes: Partial<Series> = {}, where: Where = {}): SeriesObservation => ({
  probe: 'stun-series',
  ...base(where),
  outcome: 'complete',
  intervalMs: 100,
  sent: 100,
  received: 100,
  duplicates: 0,
  reordered: 0,
  longestGap: 0,
  unansweredAtEnd: 0,
  rttMs: { min: 1, median: 2, p95: 3, p99: 4, max: 5 },
  jitterMs: 0.5,
  ...changes,
});

type Conformance = Extract<ConformanceObservation, { outcome: 'complete' }>;

/** A server that answers as RFC 8489 asks, and nothing that is older. */
export const conformance = (
  changes: Partial<Conformance> = {},
  where: Where = {},
): ConformanceObservation => ({
  probe: 'stun-conformance',
  ...base(where),
  outcome: 'complete',
  unknownAttribute: { answer: 420, reason: '', unknownAttributes: [0x7ffe] },
  changeRequest: { answer: 420, reason: '' },
  legacy: { answered: false, requestBytes: 20 },
  ...changes,
});

type Nat = Extract<NatObservation, { outcome: 'complete' }>;

/** A home network as most are. */
export const nat = (changes: Partial<Nat> = {}, where: Where = {}): NatObservation => ({
  probe: 'nat-behaviour',
  ...base(where),
  outcome: 'complete',
  localAddress: { ip: '192.168.1.7', port: 40_000 },
  mappedAddress: clientAddress,
  otherAddress: { ip: '203.0.113.11', port: 3479 },
  mapping: { kind: 'endpoint-independent' },
  filtering: { kind: 'address-and-port-dependent' },
  hairpinning: 'not-seen',
  lifetime: { kind: 'not-measured', reason: 'it takes minutes: ask with --long' },
  ...changes,
});

/** The records of a domain, by name; each leads to one target. */
export const discovery = (domain: string, ...records: readonly DiscoveredRecord[]): DiscoveryObservation => ({
  probe: 'dns-discovery',
  uri: `turn:${domain}:3478?transport=udp`,
  transport: 'udp',
  stagesMs: { dns: 3 },
  outcome: 'complete',
  domain,
  asked: 7,
  records,
});

/** An SRV record `_turn._udp` with one target. */
export const srvRecord = (domain: string, host: string, port: number): DiscoveredRecord => ({
  type: 'SRV',
  name: `_turn._udp.${domain}`,
  targets: [{ host, port, priority: 0, weight: 0, uri: `turn:${host}:${port}?transport=udp` }],
});

/** Any other probe that came to its end. */
export const complete = <P extends ProbeName>(
  probe: P,
  detail: Omit<
    Extract<Observation, { probe: P; outcome: 'complete' }>,
    'probe' | 'outcome' | keyof ReturnType<typeof base>
  >,
  where: Where = {},
): Observation => ({ probe, ...base(where), outcome: 'complete', ...detail }) as unknown as Observation;
