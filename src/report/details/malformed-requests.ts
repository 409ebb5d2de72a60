import type { MalformedRequestsObservation } from '../../model/observations/malformed-requests.ts';

/** What the server says to damaged messages. */
export function describeMalformed(observation: MalformedRequestsObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { messages, aliveAfter } = observation;
  return [
    `damaged messages: the server ${aliveAfter ? 'serves on after them' : 'is silent after them'}`,
    ...messages.map(({ defect, answer }) => `  ${defect.padEnd(40)}${String(answer).padStart(10)}`),
  ];
}
