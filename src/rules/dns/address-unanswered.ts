import type { Observation } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { familyOf, formatAddress } from '../../model/transport.ts';
import { hasAnswer, outcomeText } from '../wire-evidence.ts';

export default defineRule({
  id: 'dns/address-unanswered',
  meta: {
    title: 'One of the addresses of a name does not answer',
    effect: 'Some calls are slow or fail, depending on the address a client picks',
    why: 'A client tries the addresses of a name in an order of its own. Over UDP a silent one costs a browser 40 s of gathering; a dead AAAA record hits exactly the users with IPv6.',
    remedy: 'Make coturn listen on that address and the firewall pass it, or remove the DNS record.',
    severity: 'warning',
    references: ['RFC 8305', 'RFC 8421'],
    explainedBy: ['service/second-instance'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const spoken = wire.observations.filter(
      ({ probe }) => probe === 'stun-binding' || probe === 'turn-allocate',
    );
    const groups = [...new Set(spoken.map(({ uri }) => uri))].map(uri =>
      spoken.filter(other => other.uri === uri),
    );
    if (!groups.some(group => addresses(group).length > 1)) {
      return { skip: 'no name with several addresses was probed' };
    }
    const problems = groups.flatMap(group => {
      const answering = addresses(group.filter(hasAnswer));
      if (answering.length === 0) return [];
      return addresses(group)
        .filter(ip => !answering.includes(ip))
        .flatMap(ip => problemOf(ip, group, answering));
    });
    return [...new Map(problems.map(problem => [problem.message, problem])).values()];
  },
});

const addresses = (observations: readonly Observation[]): string[] => [
  ...new Set(observations.flatMap(({ server }) => server?.ip ?? [])),
];

function problemOf(ip: string, group: readonly Observation[], answering: readonly string[]) {
  const dead = group.find(
    ({ server, outcome }) => server?.ip === ip && ['no-response', 'refused'].includes(outcome),
  );
  // `unreachable` is our own lack of a route, often of IPv6 altogether.
  if (!dead?.server) return [];
  const record = familyOf(ip) === 'ipv6' ? 'AAAA' : 'A';
  return [
    {
      message: `${formatAddress(dead.server)}, from the ${record} record of ${dead.uri}, does not answer over ${dead.transport}, while ${answering.join(' and ')} does`,
      evidence: outcomeText(dead),
      remedy: `Open ${formatAddress(dead.server)} in coturn (listening-ip) and in the firewall, or remove the ${record} record ${ip}.`,
    },
  ];
}
