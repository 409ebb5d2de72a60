import type { ContainerFact } from '../model/facts.ts';
import { formatPortRange, type PortRange, subtractPorts } from '../util/port-range.ts';

type Published = ContainerFact['published'][number];

/** Containers with a network of their own, which only published ports lead into. */
export const publishingContainers = (containers: readonly ContainerFact[]): ContainerFact[] =>
  containers.filter(({ networkMode }) => networkMode !== 'host' && networkMode !== 'none');

/** Ports of the container that are reachable under the same number; coturn announces that number to its clients. */
export const publishedAsIs = ({ published }: ContainerFact, protocol: 'udp' | 'tcp'): PortRange[] =>
  published
    .filter(it => it.protocol === protocol && it.hostFrom === it.containerFrom)
    .map(({ hostFrom, hostTo }) => ({ from: hostFrom, to: hostTo }));

/** Whether every port of a range of the container is published, under whatever number. */
export const isPublished = (
  { published }: ContainerFact,
  protocol: 'udp' | 'tcp',
  range: PortRange,
): boolean =>
  subtractPorts(
    [range],
    published
      .filter(it => it.protocol === protocol)
      .map(({ containerFrom, containerTo }) => ({ from: containerFrom, to: containerTo })),
  ).length === 0;

/** `published: 3478/tcp, 50000-50100->49152-49252/udp`. */
export const publishedText = ({ published }: ContainerFact): string =>
  published.length === 0 ? 'published: nothing' : `published: ${published.map(publicationText).join(', ')}`;

function publicationText({ protocol, hostFrom, hostTo, containerFrom, containerTo }: Published): string {
  const host = formatPortRange({ from: hostFrom, to: hostTo });
  const container = formatPortRange({ from: containerFrom, to: containerTo });
  return `${host === container ? host : `${host}->${container}`}/${protocol}`;
}
