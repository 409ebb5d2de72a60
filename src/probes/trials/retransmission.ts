import type { TransportAddress } from '../../model/transport.ts';
import type { Channel, Net } from '../../net/net.ts';
import { attribute } from '../../stun/attributes.ts';
import { equalBytes } from '../../stun/bytes.ts';
import { decode, type StunMessage } from '../../stun/message.ts';
import { deliver, listen } from '../delivery.ts';
import { complete, type Trial, withAllocation } from './trial.ts';

type Listener = (message: StunMessage) => void;

/** Allocates, and sends the same request again: an answer may have been lost, and must not cost a second port (RFC 8656 §7.2). */
export const retransmission: Trial<'retransmission'> = (to, context) => {
  const sent: Uint8Array[] = [];
  const arriving: Listener[] = [];
  const net = tapped(context.net, sent, arriving);
  return withAllocation(to, { ...context, net }, {}, async ({ exchange, granted }) => {
    const request = sent.at(-1) as Uint8Array;
    const id = transactionOf(request);
    let answer: StunMessage | undefined;
    await deliver(
      to,
      context,
      () => exchange.channel.send(request),
      arrived =>
        listen(arriving, message => {
          if (!id || !equalBytes(message.transactionId, id)) return;
          answer = message;
          arrived();
        }),
    );
    const again: TransportAddress | undefined = answer && attribute(answer, 'XOR-RELAYED-ADDRESS');
    const error = answer && attribute(answer, 'ERROR-CODE');
    return complete({
      relayedAddress: granted.relayedAddresses[0],
      again: again ? 'granted' : (error?.code ?? null),
      ...(again && { relayedAddressAgain: again }),
    });
  });
};

function transactionOf(bytes: Uint8Array): Uint8Array | undefined {
  const decoded = decode(bytes);
  return 'message' in decoded ? decoded.message.transactionId : undefined;
}

/** The same net, which keeps what is sent and shows what comes. */
function tapped(net: Net, sent: Uint8Array[], arriving: readonly Listener[]): Net {
  const tap = (channel: Channel): Channel => ({
    ...channel,
    send: bytes => {
      sent.push(bytes);
      channel.send(bytes);
    },
    receive: receiver =>
      channel.receive({
        failed: failure => receiver.failed(failure),
        bytes: bytes => {
          const decoded = decode(bytes);
          if ('message' in decoded) for (const look of arriving) look(decoded.message);
          receiver.bytes(bytes);
        },
      }),
  });
  return {
    ...net,
    open: async options => {
      const opening = await net.open(options);
      return 'channel' in opening ? { ...opening, channel: tap(opening.channel) } : opening;
    },
  };
}
