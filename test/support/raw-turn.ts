import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { TransportAddress } from '../../src/model/transport.ts';
import { type Attribute, attribute } from '../../src/stun/attributes.ts';
import { longTermKey } from '../../src/stun/integrity.ts';
import { decode, encode, type StunMessage, TRANSACTION_ID_SIZE } from '../../src/stun/message.ts';
import type { TurnRequest } from '../../src/turn/requests.ts';

/** A UDP client without any judgement: it sends what it is told with the name and nonce it is told, right or wrong. */
export interface RawTurn {
  readonly port: number;
  /** 0 for success, or the error code. Resends until there is an answer. */
  ask(request: TurnRequest, as?: { username: string; password: string; nonce?: string }): Promise<number>;
  /** The last answer. */
  readonly answer: StunMessage | undefined;
  send(bytes: Uint8Array): void;
  close(): void;
}

/** @throws when the socket cannot be opened */
export async function openRawTurn({ ip, port }: TransportAddress): Promise<RawTurn> {
  const socket = createSocket('udp4');
  socket.connect(port, ip);
  await once(socket, 'connect');
  let realm = '';
  let nonce = '';
  let answer: StunMessage | undefined;
  const waiting = new Map<string, (message: StunMessage) => void>();
  socket.on('message', bytes => {
    const decoded = decode(bytes);
    if ('malformed' in decoded) return;
    waiting.get(Buffer.from(decoded.message.transactionId).toString('hex'))?.(decoded.message);
  });

  async function ask(
    { method, attributes }: TurnRequest,
    as?: { username: string; password: string; nonce?: string },
  ): Promise<number> {
    const transactionId = randomBytes(TRANSACTION_ID_SIZE);
    const identity: Attribute[] = as
      ? [
          { name: 'USERNAME', value: as.username },
          { name: 'REALM', value: realm },
          { name: 'NONCE', value: as.nonce ?? nonce },
        ]
      : [];
    const message: StunMessage = {
      class: 'request',
      method,
      transactionId,
      attributes: [...attributes, ...identity],
    };
    const bytes = encode(
      message,
      as ? { integrity: { key: longTermKey({ ...as, realm }, 'md5'), algorithm: 'sha1' } } : {},
    );
    const answered = new Promise<StunMessage>(resolve => waiting.set(transactionId.toString('hex'), resolve));
    socket.send(bytes);
    const again = setInterval(() => socket.send(bytes), 1_000);
    answer = await answered.finally(() => clearInterval(again));
    realm = attribute(answer, 'REALM') ?? realm;
    nonce = attribute(answer, 'NONCE') ?? nonce;
    return answer.class === 'success' ? 0 : (attribute(answer, 'ERROR-CODE')?.code ?? -1);
  }

  return {
    port: socket.address().port,
    ask,
    get answer() {
      return answer;
    },
    send: bytes => socket.send(bytes),
    close: () => socket.close(),
  };
}
