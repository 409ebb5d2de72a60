import type { BindingLifetime, NatObservation, NatVerdict } from '../../model/observations/nat-behaviour.ts';
import { formatAddress } from '../../model/transport.ts';

/** What RFC 5780 found out about the NAT, and what it did not, with the reason. */
export function describeNat(observation: NatObservation): readonly string[] {
  if (observation.outcome !== 'complete') return [];
  const { mappedAddress, localAddress, otherAddress, mapping, filtering, hairpinning, lifetime } =
    observation;
  const translated = hairpinning !== 'no-nat';
  return [
    `here ${formatAddress(localAddress)}, there ${formatAddress(mappedAddress)}: ${translated ? 'a NAT on the way' : 'no NAT on the way'}`,
    ...(otherAddress ? [`the server also answers at ${formatAddress(otherAddress)}`] : []),
    `mapping: ${verdict(mapping)}`,
    `filtering: ${verdict(filtering)}`,
    ...(translated ? [`hairpinning: ${hairpinning === 'works' ? 'works' : 'no packet came back'}`] : []),
    `binding lifetime: ${lifetimeWords(lifetime)}`,
  ];
}

const verdict = (found: NatVerdict): string =>
  found.kind === 'inconclusive' ? `inconclusive, ${found.reason}` : found.kind;

function lifetimeWords(lifetime: BindingLifetime): string {
  if (lifetime.kind === 'not-measured') return `not measured, ${lifetime.reason}`;
  const { aliveAfterSeconds, goneAfterSeconds, method } = lifetime;
  const by = method === 'response-port' ? 'RESPONSE-PORT' : 'a packet of another socket here';
  if (goneAfterSeconds === undefined) return `more than ${aliveAfterSeconds} s (by ${by})`;
  return `between ${aliveAfterSeconds} and ${goneAfterSeconds} s (by ${by})`;
}
