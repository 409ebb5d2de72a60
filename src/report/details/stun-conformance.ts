import type { ConformanceObservation, Reply } from '../../model/observations/stun-conformance.ts';

const said = ({ answer, reason }: Reply): string =>
  answer === null ? 'silence' : `${answer}${reason ? ` (${reason})` : ''}`;

const changed = (reply: Reply): string =>
  reply.answer === null ? 'nothing from the same port' : said(reply);

/** How unusual requests were answered. */
export function describeConformance(observation: ConformanceObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { unknownAttribute, changeRequest, legacy } = observation;
  return [
    `unknown attribute: ${said(unknownAttribute)}` +
      (changeRequest ? `; CHANGE-REQUEST: ${changed(changeRequest)}` : '') +
      (legacy ? `; RFC 3489: ${legacy.answered ? `${legacy.responseBytes} bytes` : 'silence'}` : ''),
  ];
}
