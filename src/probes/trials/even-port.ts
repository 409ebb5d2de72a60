import { complete, type Trial, tryAllocation } from './trial.ts';

/** A pair of ports, as RTP and RTCP once wanted them (RFC 8656 §7.1, §18.7). */
export const evenPort: Trial<'even-port'> = (to, context) =>
  tryAllocation(
    to,
    context,
    { evenPort: { reserveNext: true } },
    async ({ granted: { relayedAddresses, reservationToken } }) => {
      const [{ port }] = relayedAddresses;
      if (!reservationToken) return complete({ port });
      const second = await tryAllocation(to, context, { reservationToken }, async ({ granted }) =>
        complete({ port: granted.relayedAddresses[0].port }),
      );
      return second.outcome === 'complete' ? complete({ port, reserved: second.result }) : second;
    },
  );
