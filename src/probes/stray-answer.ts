import { randomBytes } from 'node:crypto';
import { familyOf, type TransportAddress } from '../model/transport.ts';
import { equalBytes } from '../stun/bytes.ts';
import { decode, encode, TRANSACTION_ID_SIZE } from '../stun/message.ts';
import type { ProbeContext } from './conversation.ts';

/** Long enough for an ordinary answer, so that the second socket is opened only where the first hears nothing. */
const SUSPICIOUS_AFTER_MS = 400;

/**
 * A connected socket never sees an answer that comes from another address than the one asked, as servers with several
 * addresses send it. When nothing has come for a while, an unconnected socket asks too and looks who answers.
 */
export function listenForStray(
  server: TransportAddress,
  { net, clock }: Pick<ProbeContext, 'net' | 'clock'>,
): { stop(): TransportAddress | undefined } {
  const transactionId = randomBytes(TRANSACTION_ID_SIZE);
  const bytes = encode(
    { class: 'request', method: 'binding', transactionId, attributes: [] },
    { fingerprint: true },
  );
  let from: TransportAddress | undefined;
  let stopped = false;
  let close = () => {};
  const listen = async () => {
    const socket = await net.openPeer(familyOf(server.ip) === 'ipv6' ? '::' : '0.0.0.0');
    if ('error' in socket) return;
    if (stopped) return socket.close();
    socket.receive((received, source) => {
      const decoded = decode(received);
      if ('malformed' in decoded || !equalBytes(decoded.message.transactionId, transactionId)) return;
      if (source.ip !== server.ip || source.port !== server.port) from = source;
    });
    socket.send(bytes, server);
    const cancelResend = clock.schedule(SUSPICIOUS_AFTER_MS, () => socket.send(bytes, server));
    close = () => {
      cancelResend();
      socket.close();
    };
  };
  const cancelListen = clock.schedule(SUSPICIOUS_AFTER_MS, () => void listen());
  return {
    stop: () => {
      stopped = true;
      cancelListen();
      close();
      return from;
    },
  };
}
