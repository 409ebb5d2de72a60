import type { TrialResults } from '../../model/observations/turn-trial.ts';
import { familyOf } from '../../model/transport.ts';
import { channelRange as range } from '../../turn/channel-data.ts';
import { channelBind, createPermission } from '../../turn/requests.ts';
import { ask } from '../conversation.ts';
import type { SharedTrial } from './relayed.ts';
import { complete, replyOf } from './trial.ts';

/** Of documentation (RFC 5737, RFC 3849): nothing is ever sent there. */
const OF_THE_OTHER_FAMILY = { ipv4: '2001:db8::1', ipv6: '192.0.2.1' } as const;
const ANY_PORT = 9;

/** A relayed address reaches peers of its own family only (RFC 8656 §10.2). */
export const familyMismatch: SharedTrial<'family-mismatch'> = async ({ to, context, exchange, relayed }) => {
  const peer = { ip: OF_THE_OTHER_FAMILY[familyOf(relayed.ip)], port: ANY_PORT };
  return complete({ reply: replyOf(await ask(createPermission([peer]), to, exchange, context)) });
};

/** The last of RFC 8656, the first beyond it, and the last of RFC 5766. The first of all is bound by the data path. */
const CHANNELS = [range.last, range.last + 1, 0x7ffe];

/** Which channel numbers can be bound, each to a port of its own at our peer's address (RFC 8656 §12). */
export const channelRange: SharedTrial<'channel-range'> = async ({ to, context, exchange, seen }) => {
  const channels: TrialResults['channel-range']['channels'] = await Promise.all(
    CHANNELS.map(async (channel, index) => {
      const peer = { ip: seen.ip, port: ANY_PORT + index };
      return { channel, reply: replyOf(await ask(channelBind(channel, peer), to, exchange, context)) };
    }),
  );
  return complete({ channels });
};
