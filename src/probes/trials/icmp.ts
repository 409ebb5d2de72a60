import { randomBytes } from 'node:crypto';
import type { TrialResults } from '../../model/observations/turn-trial.ts';
import { deliver } from '../delivery.ts';
import type { SharedTrial } from './relayed.ts';
import { complete, skipped } from './trial.ts';

/** An ICMP error on loopback or a LAN is back at once, and elsewhere within the time of a call's first packets. */
const SENDING = { resendAtMs: [0, 100], lostAfterMs: 500 };

/** Sends to a port of the peer where nobody listens any more (RFC 8656 §11.5). */
export const icmp: SharedTrial<'icmp'> = async ({ to, context, exchange, socket, seen }) => {
  const gone = await context.net.openPeer(socket.localAddress.ip);
  if ('error' in gone) return skipped(gone.error);
  gone.close();
  let received: TrialResults['icmp']['received'] = null;
  await deliver(
    to,
    context,
    () => exchange.sendTo({ ip: seen.ip, port: gone.localAddress.port }, randomBytes(32)),
    arrived => {
      exchange.onIcmp = ({ type, code }) => {
        received = { type, code };
        arrived();
      };
      return () => {
        exchange.onIcmp = () => {};
      };
    },
    SENDING,
  );
  return complete({ received });
};
