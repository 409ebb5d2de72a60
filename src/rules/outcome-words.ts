import type { Observation } from '../model/observation.ts';
import type { AuthObservation } from '../model/observations/turn-auth.ts';
import type { Leg } from '../model/observations/turn-data-path.ts';
import { formatAddress } from '../model/transport.ts';

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

function completeWords(observation: Observation & { readonly outcome: 'complete' }): string {
  if (observation.probe === 'turn-auth') return refusedOf(observation.given);
  if (observation.probe === 'tls-survey') return 'no TURN server answers behind TLS';
  return legs(observation);
}

function refusedOf(given: Extract<AuthObservation, { outcome: 'complete' }>['given']): string {
  return given
    .filter(({ answer }) => answer !== 'accepted')
    .map(
      ({ label, answer }) => `${label} ${answer === null ? 'gets no answer' : `is refused with ${answer}`}`,
    )
    .join(', ');
}

function legs(observation: Observation): string {
  if (observation.probe !== 'turn-data-path' || observation.outcome !== 'complete') return 'complete';
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
