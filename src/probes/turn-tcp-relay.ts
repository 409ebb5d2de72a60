import type { AllocateObservation } from '../model/observations/turn-allocate.ts';
import type { Probe } from './conversation.ts';
import { attemptAllocation } from './turn-allocate.ts';

/** Allocates a TCP relay (RFC 6062 §4.1), which can be asked for over TCP only, and gives it back. */
export const probeTcpRelay: Probe<AllocateObservation> = async (to, context) => {
  const { observation, release } = await attemptAllocation(to, context, { requestedTransport: 'tcp' });
  context.allocated.pass();
  await release();
  return observation;
};
