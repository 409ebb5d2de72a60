import type { ConfigFact, WireFact } from '../model/facts.ts';
import { type Observation, observed } from '../model/observation.ts';
import type { RuleResult } from '../model/rule.ts';
import { formatAddress } from '../model/transport.ts';
import { plural } from '../util/text.ts';

const REQUESTS: Readonly<Record<Observation['probe'], string>> = {
  dns: 'Name lookup',
  'dns-discovery': 'SRV and NAPTR lookup',
  'nat-behaviour': 'NAT behaviour',
  'stun-binding': 'Binding',
  'stun-conformance': 'Unusual Binding requests',
  'stun-ports': 'Every transport on every port',
  'stun-series': 'Binding series',
  'tls-handshake': 'TLS handshake',
  'tls-survey': 'TLS',
  'turn-allocate': 'Allocate',
  'turn-auth': 'Authentication',
  'turn-data-path': 'Relaying',
  'turn-peer-policy': 'CreatePermission',
  'turn-trial': 'Trial',
  'server-identity': 'Challenges',
  'challenge-limit': 'Many challenges',
  'load-allocations': 'Many allocations',
  'load-relay': 'Many messages',
  'malformed-requests': 'Damaged messages',
  'management-ports': 'Management ports',
  'peer-reach': 'Peers',
  'unauthenticated-answers': 'Requests without credentials',
};

/** About names, or about other ports than that of the URI. */
const NOT_THE_LISTENER: ReadonlySet<Observation['probe']> = new Set(['dns', 'dns-discovery', 'stun-ports']);

/** Whether the server said anything in this conversation, be it an error. */
export const hasAnswer = (observation: Observation): boolean =>
  !NOT_THE_LISTENER.has(observation.probe) &&
  ['answered', 'allocated', 'challenged', 'error-response', 'complete', 'handshake'].includes(
    observation.outcome,
  );

/**
 * What a rule returns when it found nothing: a pass when the file was read, or when a conversation ended in an answer that
 * would have shown the fault; else it was not checked.
 */
export const nothingFound = (config: ConfigFact | undefined, shown: boolean, lacking: string): RuleResult =>
  config !== undefined || shown ? [] : { skip: lacking };

/** Whether an allocation with this transport to peers was made, so that no refusal stands behind a challenge or silence. */
export const hasAllocated = (
  wire: WireFact | undefined,
  requestedTransport: 'udp' | 'tcp' = 'udp',
): boolean =>
  observed(wire?.observations ?? [], 'turn-allocate').some(
    o => o.outcome === 'allocated' && o.requestedTransport === requestedTransport,
  );

/** Whether two conversations went to one transport address over one transport. */
export const sameEndpoint = (a: Observation, b: Observation): boolean =>
  a.server !== undefined &&
  b.server !== undefined &&
  a.transport === b.transport &&
  a.server.ip === b.server.ip &&
  a.server.port === b.server.port;

/** `203.0.113.10:3478/udp`, or the URI when its name did not resolve. */
export const endpointOf = ({ server, transport, uri }: Observation): string =>
  server === undefined ? uri : `${formatAddress(server)}/${transport}`;

/** What one conversation came to, as evidence: `Allocate: error 442`, `Binding: silent (5 requests in 4 s)`. */
export function outcomeText(observation: Observation): string {
  return `${REQUESTS[observation.probe]}: ${ending(observation)}`;
}

function ending(observation: Observation): string {
  switch (observation.outcome) {
    case 'no-response': {
      const seconds = Number((observation.waitedMs / 1000).toFixed(1));
      return `silent (${plural(observation.requestsSent, 'request')} in ${seconds} s)`;
    }
    case 'error-response':
      return `error ${observation.code}${observation.reason === '' ? '' : ` (${observation.reason})`}`;
    case 'answered':
      return `answered in ${milliseconds(observation.rttMs)}`;
    case 'allocated':
      return `answered in ${milliseconds(total(observation))}, relayed address ${formatAddress(observation.relayedAddress)}`;
    case 'challenged':
      return `answered in ${milliseconds(total(observation))} with a challenge`;
    case 'skipped':
      return `not tried (${observation.reason})`;
    case 'invalid-response':
      return observation.problem;
    case 'refused':
    case 'unreachable':
    case 'tls-failed':
    case 'closed':
    case 'unresolved':
      return `${observation.outcome} (${observation.error})`;
    default:
      return observation.outcome;
  }
}

const total = ({ stagesMs }: Observation): number => (stagesMs.challenge ?? 0) + (stagesMs.allocate ?? 0);

const milliseconds = (ms: number): string => `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`;

/** Evidence of one endpoint: `203.0.113.10:3478/udp: Allocate: answered in 2 ms; Binding: silent (…)`. */
export const wireEvidence = (...observations: readonly [Observation, ...Observation[]]): string =>
  `${endpointOf(observations[0])}: ${observations.map(outcomeText).join('; ')}`;

/** Whether the wire was seen from where users are. From the server's own host neither NAT nor firewall is crossed. */
export const fromOutside = (wire: WireFact | undefined): wire is WireFact => wire?.vantage === 'elsewhere';
