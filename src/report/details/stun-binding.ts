import type { BindingObservation } from '../../model/observations/stun-binding.ts';
import { formatAddress } from '../../model/transport.ts';
import { classifyIp, parseIp } from '../../util/ip.ts';

/** Which address the server sees, and how many sends it took to hear so. */
export function describeBinding(observation: BindingObservation): readonly string[] {
  if (observation.outcome !== 'answered') return [];
  const { mappedAddress, localAddress, requestsSent, transport, software, otherAddress } = observation;
  const parsed = parseIp(mappedAddress.ip);
  const kind = parsed ? classifyIp(parsed) : 'unknown';
  const [seen, own] = [formatAddress(mappedAddress), formatAddress(localAddress)];
  const how = seen === own ? 'no NAT on the way' : `a NAT on the way, here it is ${own}`;
  return [
    `mapped address ${seen} (${kind}): ${how}`,
    ...(transport === 'udp' && requestsSent > 1
      ? [`answered at request ${requestsSent}: packets are lost`]
      : []),
    ...(software === undefined ? [] : [`software ${software}`]),
    ...(otherAddress ? [`other address ${formatAddress(otherAddress)} (RFC 5780)`] : []),
  ];
}
