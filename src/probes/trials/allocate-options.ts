import type { Granted } from '../../turn/requests.ts';
import { complete, type Held, type Trial, tryAllocation } from './trial.ts';

const allocated = ({ relayedAddresses, lifetimeSeconds }: Granted) => ({ relayedAddresses, lifetimeSeconds });
const asGranted = async ({ granted }: Held) => complete(allocated(granted));

/** RFC 8656 §7.1: a relayed address of IPv6. */
export const ipv6Relay: Trial<'ipv6-relay'> = (to, context) =>
  tryAllocation(to, context, { family: 'ipv6' }, asGranted);

/** RFC 8656 §7.1: relayed addresses of both families at once. */
export const bothFamilies: Trial<'both-families'> = (to, context) =>
  tryAllocation(to, context, { additionalFamily: 'ipv6' }, async ({ granted }) =>
    complete({ ...allocated(granted), addressErrors: granted.addressErrors.map(({ code }) => code) }),
  );

/** RFC 8656 §14: whether the relay can set the DF bit. */
export const dontFragment: Trial<'dont-fragment'> = (to, context) =>
  tryAllocation(to, context, { dontFragment: true }, asGranted);
