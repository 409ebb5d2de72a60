import { randomBytes } from 'node:crypto';
import type { Channel, Net, Receiver } from '../../src/net/net.ts';
import { attribute } from '../../src/stun/attributes.ts';
import { longTermKey } from '../../src/stun/integrity.ts';
import { decode, encode, type StunMessage } from '../../src/stun/message.ts';
import type { FakeClock } from './fake-clock.ts';
import { alice } from './probing.ts';

const client = { ip: '198.51.100.7', port: 40_000 };
const relayed = { ip: '203.0.113.10', port: 50_000 };
const realm = 'turn.test';

export interface SlowPath {
  readonly net: Net;
  /** What passed the path, in order, with the time at which it left. */
  readonly packets: readonly {
    readonly atMs: number;
    readonly way: 'up' | 'down';
    readonly method: string;
  }[];
}

/** A path of so much delay each way, in the clock's time, to a TURN server that challenges, grants and deletes. */
export function slowPath(clock: FakeClock, delayMs: number): SlowPath {
  const packets: SlowPath['packets'][number][] = [];
  const nonce = randomBytes(8).toString('hex');
  const pass = (way: 'up' | 'down', message: StunMessage, deliver: () => void) => {
    packets.push({ atMs: clock.monotonic(), way, method: String(message.method) });
    clock.schedule(delayMs, deliver);
  };
  const open = (): Channel => {
    let receiver: Receiver | undefined;
    const respond = (request: StunMessage) => {
      const { message, bytes } = answerTo(request, nonce);
      pass('down', message, () => receiver?.bytes(bytes));
    };
    return {
      transport: 'udp',
      localAddress: client,
      remoteAddress: { ip: relayed.ip, port: 3478 },
      send: bytes => {
        const decoded = decode(bytes);
        if ('message' in decoded) pass('up', decoded.message, () => respond(decoded.message));
      },
      receive: given => {
        receiver = given;
      },
      close: () => {},
    };
  };
  const none = async () => ({ error: 'not on this path' });
  const net: Net = {
    resolve: async host => ({ ips: [host], ms: 0 }),
    records: none,
    open: async () => ({ channel: open(), stagesMs: {} }),
    openPeer: none,
    listen: none,
    localIps: () => [],
  };
  return { net, packets };
}

function answerTo({ method, transactionId, attributes }: StunMessage, nonce: string) {
  const username = attribute({ attributes }, 'USERNAME');
  const base = { method, transactionId } as const;
  if (username === undefined) {
    const message: StunMessage = {
      ...base,
      class: 'error',
      attributes: [
        { name: 'ERROR-CODE', value: { code: 401, reason: '' } },
        { name: 'REALM', value: realm },
        { name: 'NONCE', value: nonce },
      ],
    };
    return { message, bytes: encode(message, { fingerprint: true }) };
  }
  const { password } = alice(0);
  const message: StunMessage = {
    ...base,
    class: 'success',
    attributes: [
      { name: 'LIFETIME', value: attribute({ attributes }, 'LIFETIME') ?? 600 },
      ...(method === 'allocate'
        ? [
            { name: 'XOR-RELAYED-ADDRESS', value: relayed } as const,
            { name: 'XOR-MAPPED-ADDRESS', value: client } as const,
          ]
        : []),
    ],
  };
  const key = longTermKey({ username, realm, password }, 'md5');
  return { message, bytes: encode(message, { integrity: { key, algorithm: 'sha1' }, fingerprint: true }) };
}
