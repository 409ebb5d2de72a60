import { randomBytes } from 'node:crypto';
import { channelRange } from '../../turn/channel-data.ts';
import { channelBind } from '../../turn/requests.ts';
import { ask } from '../conversation.ts';
import { inbound, outbound, type SharedTrial } from './relayed.ts';
import { complete, replyOf, skipped } from './trial.ts';

/** From a voice packet to what fills Ethernet; browsers send video of 1200 bytes. */
const SIZES_BYTES = [100, 548, 1000, 1200, 1300, 1400, 1472];

/** The first is taken by the data path. */
export const SPARE_CHANNEL = channelRange.first + 1;

/** ChannelData of growing size both ways, all at once. */
export const sizes: SharedTrial<'sizes'> = async relay => {
  const { to, context, exchange, seen } = relay;
  const bound = replyOf(await ask(channelBind(SPARE_CHANNEL, seen), to, exchange, context));
  if (bound !== 'granted') return skipped(`no channel was bound: ${bound ?? 'silence'}`);
  const legs = await Promise.all(
    SIZES_BYTES.map(async sizeBytes => {
      const [there, back] = [randomBytes(sizeBytes), randomBytes(sizeBytes)];
      const [out, into] = await Promise.all([
        outbound(relay, there, () => exchange.sendOnChannel(SPARE_CHANNEL, there)),
        inbound(relay, back),
      ]);
      return { sizeBytes, outbound: out, inbound: into.leg };
    }),
  );
  return complete({ sizes: legs });
};
