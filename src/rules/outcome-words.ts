import type { Observation, ProbeName } from '../model/observation.ts';
import type { AuthObservation } from '../model/observations/turn-auth.ts';
import type { Leg } from '../model/observations/turn-data-path.ts';
import { formatAddress } from '../model/transport.ts';
import { plural } from '../util/text.ts';
import { trialVerdict } from './trial-verdict.ts';

type Complete<P extends ProbeName> = Extract<Observation, { probe: P; outcome: 'complete' }>;

/** How a conversation ended, in words for an operator. */
export function describeObservation(observation: Observation): string {
  const at = observation.server === undefined ? observation.uri : formatAddress(observation.server);
  const where = `${at} over ${observation.transport.toUpperCase()}`;
  switch (observation.outcome) {
    case 'unresolved':
      return `${observation.uri} does not resolve: ${observation.error}`;
    case 'no-response':
      return `${where} is silent: no answer to ${observation.requestsSent} requests in ${(observation.waitedMs / 1000).toFixed(1)} s`;
    case 'refused':
      return `${where} refuses: the host is there, and nobody listens on that port`;
    case 'unreachable':
      return `${where} cannot be reached: ${observation.error}`;
    case 'invalid-response':
      return `${where} answers, but not as a TURN server: ${observation.problem}`;
    case 'tls-failed':
      return `${where}: the TLS handshake failed: ${observation.error}`;
    case 'closed':
      return `${where} closes the connection: ${observation.error}`;
    case 'error-response':
      return `${where} answers ${observation.code}${observation.reason === '' ? '' : ` (${observation.reason})`}`;
    case 'handshake':
      return `${where}: ${observation.untrusted ?? observation.nameMismatch ?? 'the handshake succeeded'}`;
    case 'skipped':
      return `${where} was not tried: ${observation.reason}`;
    case 'unchallenged':
      return `${where} asks nobody for credentials`;
    case 'complete':
      return `${where}: ${completeWords(observation)}`;
    default:
      return `${where}: ${observation.outcome}`;
  }
}

function completeWords(observation: Extract<Observation, { outcome: 'complete' }>): string {
  switch (observation.probe) {
    case 'turn-data-path':
      return legs(observation);
    case 'turn-trial': {
      const verdict = trialVerdict(observation);
      return `${observation.trial}: ${verdict?.result}: ${verdict?.meaning}`;
    }
    case 'stun-series':
      return `${observation.received} of ${plural(observation.sent, 'request')} answered`;
    case 'nat-behaviour':
      return natWords(observation);
    case 'turn-auth':
      return refusedOf(observation.given);
    case 'tls-survey':
      return 'no TURN server answers behind TLS';
    default:
      return 'complete';
  }
}

function refusedOf(given: Extract<AuthObservation, { outcome: 'complete' }>['given']): string {
  return given
    .filter(({ answer }) => answer !== 'accepted')
    .map(
      ({ label, answer }) => `${label} ${answer === null ? 'gets no answer' : `is refused with ${answer}`}`,
    )
    .join(', ');
}

function natWords({ mapping, filtering }: Complete<'nat-behaviour'>): string {
  const open = { mapping, filtering };
  const reasons = Object.entries(open).flatMap(([what, verdict]) =>
    verdict.kind === 'inconclusive' ? [`${what} is inconclusive: ${verdict.reason}`] : [],
  );
  // Both for the same reason, as a rule.
  return reasons[0] ?? `${mapping.kind} mapping, ${filtering.kind} filtering`;
}

function legs(observation: Complete<'turn-data-path'>): string {
  const named = {
    permission: observation.permission,
    'data to us': observation.inbound,
    'data from us': observation.outbound,
    'channel binding': observation.channelBind,
    'channel data to us': observation.channelInbound,
    'channel data from us': observation.channelOutbound,
  };
  return Object.entries(named)
    .filter(([, leg]) => leg.outcome !== 'passed')
    .map(([name, leg]) => `${name} ${legWord(leg)}`)
    .join(', ');
}

function legWord(leg: Leg): string {
  if (leg.outcome === 'refused') return `refused with ${leg.code}`;
  if (leg.outcome === 'skipped') return `not tried (${leg.reason})`;
  if (leg.outcome === 'wrong-source') return `came from ${formatAddress(leg.from)}`;
  return leg.outcome;
}
