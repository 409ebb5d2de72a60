import type { UnauthenticatedAnswersObservation } from '../../model/observations/unauthenticated-answers.ts';

/** Bytes in and out of what anybody can ask. */
export function describeUnauthenticated(observation: UnauthenticatedAnswersObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  return [
    `${'without credentials'.padEnd(30)}${'bytes in'.padStart(10)}${'out'.padStart(8)}${'factor'.padStart(10)}`,
    ...observation.requests.map(({ request, bytesIn, bytesOut, code }) => {
      const factor = bytesOut === 0 ? 'silent' : (bytesOut / bytesIn).toFixed(1);
      const cells = `${String(bytesIn).padStart(10)}${String(bytesOut).padStart(8)}${factor.padStart(10)}`;
      return `  ${request.padEnd(28)}${cells}${code === undefined ? '' : `  ${code}`}`;
    }),
  ];
}
