import type { ContainerFact } from '../../../src/model/facts.ts';

/** A container of coturn with a network of its own. */
export const container = (changes: Partial<ContainerFact> = {}): ContainerFact => ({
  id: '4f1d',
  name: 'turn',
  image: 'coturn/coturn:4.6.1',
  networkMode: 'bridge',
  published: [],
  ...changes,
});

/** Ports of the host that lead to as many of the container, from `containerFrom` on. */
export const published = (
  protocol: 'udp' | 'tcp',
  hostFrom: number,
  hostTo = hostFrom,
  containerFrom = hostFrom,
): ContainerFact['published'][number] => ({
  protocol,
  hostFrom,
  hostTo,
  containerFrom,
  containerTo: containerFrom + hostTo - hostFrom,
});
