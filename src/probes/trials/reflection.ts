import { randomBytes } from 'node:crypto';
import { familyOf, formatAddress, type TransportAddress } from '../../model/transport.ts';
import { attribute } from '../../stun/attributes.ts';
import { equalBytes } from '../../stun/bytes.ts';
import { decode, encode, TRANSACTION_ID_SIZE } from '../../stun/message.ts';
import { createPermission } from '../../turn/requests.ts';
import { ask, type ProbeContext, remainingMs } from '../conversation.ts';
import { deliver, legOf, listen, skip } from '../delivery.ts';
import type { Destination } from '../plan.ts';
import type { SharedTrial } from './relayed.ts';
import { complete, skipped } from './trial.ts';

/**
 * Sends a Binding request through the relay to a STUN server, the one named or the relay's own: it answers with the relay's
 * address as the outside sees it, which must be the relayed address.
 */
export const reflection: SharedTrial<'reflection'> = async ({
  to,
  context,
  exchange,
  relayed,
  fromRelay,
}) => {
  const peer = await stunServer(to, context, relayed);
  if ('error' in peer) return skipped(peer.error);
  const permission = legOf(await ask(createPermission([peer]), to, exchange, context));
  const base = { peer, relayedAddress: relayed, permission };
  if (permission.outcome !== 'passed') {
    return complete({ ...base, reply: skip('the relay gave no permission for it') });
  }
  const transactionId = randomBytes(TRANSACTION_ID_SIZE);
  const request = encode(
    { class: 'request', method: 'binding', transactionId, attributes: [] },
    { fingerprint: true },
  );
  let mappedAddress: TransportAddress | undefined;
  const reply = await deliver(
    to,
    context,
    () => exchange.sendTo(peer, request),
    arrived =>
      listen(fromRelay, ({ data }) => {
        const decoded = decode(data);
        if ('malformed' in decoded || !equalBytes(decoded.message.transactionId, transactionId)) return;
        mappedAddress = attribute(decoded.message, 'XOR-MAPPED-ADDRESS');
        arrived();
      }),
  );
  return complete({ ...base, reply, ...(mappedAddress && { mappedAddress }) });
};

async function stunServer(
  { server }: Destination,
  context: ProbeContext,
  relayed: TransportAddress,
): Promise<TransportAddress | { readonly error: string }> {
  const { net, signal, settings } = context;
  const named = settings.relay?.stunServer;
  const family = familyOf(relayed.ip);
  if (!named) {
    return familyOf(server.ip) === family
      ? server
      : { error: `${formatAddress(server)} is not of the relayed address's family` };
  }
  const answer = await net.resolve(named.host, { timeoutMs: remainingMs(context), signal });
  if ('error' in answer) return { error: `${named.host}: ${answer.error}` };
  const ip = answer.ips.find(candidate => familyOf(candidate) === family);
  return ip === undefined
    ? { error: `${named.host} has no address of ${relayed.ip}'s family` }
    : { ip, port: named.port };
}
