import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Transport, TransportAddress } from '../../src/model/transport.ts';
import { scheduleWithin, sentOnce } from '../../src/stun/retransmission.ts';
import { Allocation, type AllocationStep } from '../../src/turn/allocation.ts';
import type { LongTermCredential } from '../../src/turn/authentication.ts';
import type { AllocationEvent } from '../../src/turn/events.ts';
import type { TurnRequest } from '../../src/turn/requests.ts';

type Outcome = Extract<AllocationEvent, { kind: 'succeeded' | 'failed' | 'timed-out' }>;

/** An `Allocation` on a real socket, with promises, and nothing that could hide what it does. */
export interface TurnClient {
  readonly allocation: Allocation;
  readonly events: readonly AllocationEvent[];
  ask(request: TurnRequest): Promise<Outcome>;
  /** The next event of that kind, or one that has come since the last call. */
  next<K extends AllocationEvent['kind']>(kind: K): Promise<Extract<AllocationEvent, { kind: K }>>;
  sendTo(peer: TransportAddress, data: string): void;
  sendOnChannel(channel: number, data: string): void;
  close(): void;
}

interface Wire {
  send(bytes: Uint8Array): void;
  close(): void;
}

async function openUdp({ ip, port }: TransportAddress, receive: (bytes: Uint8Array) => void): Promise<Wire> {
  const socket = createSocket(ip.includes(':') ? 'udp6' : 'udp4');
  socket.connect(port, ip);
  await once(socket, 'connect');
  socket.on('message', receive);
  return { send: bytes => socket.send(bytes), close: () => socket.close() };
}

async function openStream(
  socket: Socket,
  opened: string,
  receive: (bytes: Uint8Array) => void,
): Promise<Wire> {
  await once(socket, opened);
  // A reset shows as silence: the request that waits for an answer times out.
  socket.on('error', () => {});
  socket.on('data', receive);
  return { send: bytes => void socket.write(bytes), close: () => socket.destroy() };
}

function openWire(
  transport: Transport,
  server: TransportAddress,
  receive: (bytes: Uint8Array) => void,
): Promise<Wire> {
  const { ip: host, port } = server;
  if (transport === 'udp') return openUdp(server, receive);
  if (transport === 'tcp') return openStream(connectTcp({ host, port }), 'connect', receive);
  return openStream(connectTls({ host, port, rejectUnauthorized: false }), 'secureConnect', receive);
}

/** @throws when the connection fails. */
export async function openTurnClient(
  transport: Transport,
  server: TransportAddress,
  options: { credential?: LongTermCredential; control?: TurnClient; waitMs?: number } = {},
): Promise<TurnClient> {
  const { credential, control, waitMs = 5000 } = options;
  const overUdp = transport === 'udp';
  const allocation = new Allocation({
    over: overUdp ? 'datagram' : 'stream',
    schedule: overUdp ? scheduleWithin(waitMs) : sentOnce(waitMs),
    randomBytes,
    fingerprint: true,
    ...(credential && { credential }),
    ...(control && { control: control.allocation }),
  });
  const events: AllocationEvent[] = [];
  const unread: AllocationEvent[] = [];
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  function take({ send, events: fresh, wakeAtMs }: AllocationStep): void {
    for (const bytes of send) wire.send(bytes);
    events.push(...fresh);
    unread.push(...fresh);
    clearTimeout(timer);
    if (wakeAtMs !== undefined) {
      const left = Math.max(0, wakeAtMs - performance.now());
      timer = setTimeout(() => take(allocation.onTime(performance.now())), left);
    }
    for (const look of waiting) look();
  }

  function first<E extends AllocationEvent>(matches: (event: AllocationEvent) => event is E): Promise<E> {
    return new Promise(resolve => {
      const look = () => {
        const index = unread.findIndex(matches);
        if (index < 0) return;
        waiting.delete(look);
        resolve(unread.splice(index, 1)[0] as E);
      };
      waiting.add(look);
      look();
    });
  }

  const wire = await openWire(transport, server, bytes => take(allocation.onBytes(bytes, performance.now())));
  return {
    allocation,
    events,
    ask: asked => {
      const { request, ...step } = allocation.request(asked, performance.now());
      take(step);
      const ends = ['succeeded', 'failed', 'timed-out'];
      return first(
        (event): event is Outcome => ends.includes(event.kind) && (event as Outcome).request === request,
      );
    },
    next: <K extends AllocationEvent['kind']>(kind: K) =>
      first((event): event is Extract<AllocationEvent, { kind: K }> => event.kind === kind),
    sendTo: (peer, data) => wire.send(allocation.sendTo(peer, Buffer.from(data))),
    sendOnChannel: (channel, data) => wire.send(allocation.sendOnChannel(channel, Buffer.from(data))),
    close: () => {
      clearTimeout(timer);
      wire.close();
    },
  };
}
