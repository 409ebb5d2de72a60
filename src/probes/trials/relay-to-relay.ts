import { randomBytes } from 'node:crypto';
import type { Leg } from '../../model/observations/turn-data-path.ts';
import type { TrialResults } from '../../model/observations/turn-trial.ts';
import { equalBytes } from '../../stun/bytes.ts';
import { createPermission } from '../../turn/requests.ts';
import { ask, type ProbeContext } from '../conversation.ts';
import { deliver, legOf, skip } from '../delivery.ts';
import type { Destination } from '../plan.ts';
import { complete, type Held, type Trial, withAllocation } from './trial.ts';

/** Two clients that both need the relay: each is the other's peer, and packets turn round at the server or its NAT. */
export const relayToRelay: Trial<'relay-to-relay'> = (to, context) =>
  withAllocation<TrialResults['relay-to-relay']>(to, context, {}, first => {
    const credential = context.anotherCredential?.() ?? context.credential;
    return withAllocation<TrialResults['relay-to-relay']>(
      to,
      { ...context, credential },
      {},
      async second => {
        const [a, b] = [first.granted.relayedAddresses[0], second.granted.relayedAddresses[0]];
        const permissions = await Promise.all([
          ask(createPermission([b]), to, first.exchange, context),
          ask(createPermission([a]), to, second.exchange, context),
        ]);
        const legs = permissions.map(legOf);
        const permission = legs.find(({ outcome }) => outcome !== 'passed') ?? legs[0]!;
        const relayedAddresses = [a, b] as const;
        if (permission.outcome !== 'passed') {
          const none = skip('no permission for the other relayed address');
          return complete({ relayedAddresses, permission, there: none, back: none });
        }
        const [there, back] = await Promise.all([
          pass(to, context, first, second),
          pass(to, context, second, first),
        ]);
        return complete({ relayedAddresses, permission, there, back });
      },
    );
  });

function pass(to: Destination, context: ProbeContext, from: Held, into: Held): Promise<Leg> {
  const payload = randomBytes(32);
  return deliver(
    to,
    context,
    () => from.exchange.sendTo(into.granted.relayedAddresses[0], payload),
    arrived => {
      into.exchange.onData = ({ data }) => {
        if (equalBytes(data, payload)) arrived();
      };
      return () => {
        into.exchange.onData = () => {};
      };
    },
  );
}
