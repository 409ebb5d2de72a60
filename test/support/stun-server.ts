import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TransportAddress } from '../../src/model/transport.ts';
import { type Attribute, attribute } from '../../src/stun/attributes.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';

/** Which of its four addresses answers: the one asked, or one that differs in address, port, or both. */
type From = 'asked' | 'other-port' | 'other-ip' | 'other';

/** What becomes of one Binding request. */
export interface Reaction {
  readonly from?: From;
  /** An error response in place of a success. */
  readonly code?: number;
  /** How many times the answer is sent; 0 is silence. Default 1. */
  readonly times?: number;
  readonly delayMs?: number;
  readonly mappedAddress?: TransportAddress;
  /** Sends MAPPED-ADDRESS beside the other. */
  readonly plainMappedAddress?: TransportAddress;
}

export interface StunServerOptions {
  /** Requests are counted from 0. Default: does what RFC 5780 asks. */
  readonly react?: (request: StunMessage, index: number) => Reaction;
  /** OTHER-ADDRESS; none when false. */
  readonly namesOther?: boolean;
  /** Whether its second address, 127.0.0.2, answers requests. */
  readonly otherAnswers?: boolean;
  /** Bytes that are no STUN of today are answered with so many zero bytes behind the header. */
  readonly legacyBytes?: number;
}

export interface StunServer {
  readonly address: TransportAddress;
  stop(): void;
}

const IPS = ['127.0.0.1', '127.0.0.2'] as const;

/** What RFC 5780 §6 asks of a server. */
export function obedient(request: StunMessage): Reaction {
  const change = attribute(request, 'CHANGE-REQUEST');
  if (!change) return {};
  if (change.changeIp) return { from: change.changePort ? 'other' : 'other-ip' };
  return { from: change.changePort ? 'other-port' : 'asked' };
}

/** A STUN server on two addresses and two ports of loopback, that does with each request what it is told. */
export async function startStunServer(options: StunServerOptions = {}): Promise<StunServer> {
  const { react = obedient, namesOther = true, otherAnswers = true, legacyBytes } = options;
  const sockets: Socket[][] = [];
  for (const ip of IPS) {
    const pair = [createSocket('udp4'), createSocket('udp4')];
    sockets.push(pair);
    for (const [index, socket] of pair.entries()) {
      socket.bind(sockets[0]?.[index] === socket ? 0 : sockets[0]![index]!.address().port, ip);
      await once(socket, 'listening');
    }
  }
  const at = (ip: number, port: number): Socket => sockets[ip]![port]!;
  let index = 0;
  let open = true;

  function answer(ip: number, port: number, bytes: Buffer, client: TransportAddress): void {
    const decoded = decode(bytes);
    const send = (from: Socket, what: Uint8Array, to = client.port) =>
      void (open && from.send(what, to, client.ip));
    if ('malformed' in decoded) {
      if (legacyBytes === undefined) return;
      const header = Buffer.from(bytes.subarray(0, 20));
      header.writeUInt16BE(0x0101, 0);
      send(at(ip, port), Buffer.concat([header, Buffer.alloc(legacyBytes)]));
      return;
    }
    if (ip === 1 && !otherAnswers) return;
    const { message } = decoded;
    const { from = 'asked', times = 1, delayMs = 0, ...reaction } = react(message, index++);
    const source = at(
      from === 'other' || from === 'other-ip' ? 1 - ip : ip,
      from === 'other' || from === 'other-port' ? 1 - port : port,
    );
    const response = encode(responseTo(message, client, reaction), { fingerprint: true });
    const deliver = () => {
      for (let i = 0; i < times; i++) send(source, response, attribute(message, 'RESPONSE-PORT'));
    };
    if (delayMs > 0) setTimeout(deliver, delayMs);
    else deliver();
  }

  function responseTo(
    { method, transactionId }: StunMessage,
    client: TransportAddress,
    { code, mappedAddress = client, plainMappedAddress }: Reaction,
  ): StunMessage {
    const other = { ip: IPS[1], port: at(1, 1).address().port };
    const success: Attribute[] = [
      { name: 'XOR-MAPPED-ADDRESS', value: mappedAddress },
      ...(plainMappedAddress ? [{ name: 'MAPPED-ADDRESS', value: plainMappedAddress } as const] : []),
      ...(namesOther ? [{ name: 'OTHER-ADDRESS', value: other } as const] : []),
    ];
    const failure: Attribute[] = [{ name: 'ERROR-CODE', value: { code: code ?? 400, reason: '' } }];
    return {
      class: code === undefined ? 'success' : 'error',
      method,
      transactionId,
      attributes: code === undefined ? success : failure,
    };
  }

  for (const [ip, pair] of sockets.entries()) {
    for (const [port, socket] of pair.entries()) {
      socket.on('message', (bytes, from) => answer(ip, port, bytes, { ip: from.address, port: from.port }));
    }
  }
  return {
    address: { ip: IPS[0], port: at(0, 0).address().port },
    stop: () => {
      open = false;
      for (const socket of sockets.flat()) socket.close();
    },
  };
}
