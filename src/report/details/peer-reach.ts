import type { PeerAnswer, PeerReachObservation } from '../../model/observations/peer-reach.ts';

const word = (answer: PeerAnswer | undefined): string =>
  answer === undefined ? '-' : answer === null ? 'silent' : String(answer);

/** Which peers the relay agrees to, one a line. */
export function describePeerReach(observation: PeerReachObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { peers, notAsked } = observation;
  const active = peers.some(({ arrived }) => arrived !== undefined);
  const row = (cells: readonly [string, string, string, string, string, string]) =>
    `${cells[0].padEnd(16)}${cells[1].padEnd(23)}${cells
      .slice(2, active ? 6 : 5)
      .map(cell => cell.padStart(10))
      .join('')}`;
  return [
    row(['peers', '', 'permission', 'channel', 'connect', 'data']),
    ...peers.map(({ kind, ip, createPermission, channelBind, connect, arrived }) =>
      row([
        `  ${kind}`,
        ip,
        word(createPermission),
        word(channelBind),
        word(connect),
        arrived === undefined ? '-' : arrived ? 'arrived' : 'nothing',
      ]),
    ),
    ...notAsked.map(({ what, reason }) => `  ${what} not asked: ${reason}`),
  ];
}
