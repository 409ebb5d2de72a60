import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { Transport, TransportAddress } from '../../src/model/transport.ts';
import { attribute } from '../../src/stun/attributes.ts';
import { decode, type Method, type MethodName } from '../../src/stun/message.ts';
import { decodeChannelData, isChannelData } from '../../src/turn/channel-data.ts';
import { StreamFramer } from '../../src/turn/framing.ts';
import { selfSigned } from './coturn.ts';
import { type Faults, spend } from './turn-faults.ts';
import { type Client, newNonce, type SessionOptions, TurnSessions } from './turn-sessions.ts';

export interface TurnServerOptions extends SessionOptions {
  /** Where it listens: 127.0.0.1 by default, or ::1. It relays on loopback of both families. */
  readonly ip?: '127.0.0.1' | '::1';
  readonly faults?: Faults;
}

interface LoggedRequest {
  readonly transport: Transport;
  readonly method: Method;
  readonly from: TransportAddress;
  readonly username: string | undefined;
  /** An error code, or what else became of it. */
  readonly answer: number | 'success' | 'dropped';
}

export interface TurnServer {
  readonly udp: TransportAddress;
  readonly tcp: TransportAddress;
  readonly tls: TransportAddress;
  /** PEM of the self-signed certificate for localhost, 127.0.0.1 and ::1. */
  readonly certificate: string;
  /** Every request in the order received. */
  readonly requests: readonly LoggedRequest[];
  /** Assign to its properties to break or mend the running server. */
  readonly faults: Faults;
  stop(): Promise<void>;
}

let keyPair: { readonly cert: string; readonly key: string } | undefined;

/** Made once for each test file. */
function ownKeyPair() {
  if (keyPair) return keyPair;
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-tls-'));
  const { certificatePath, keyPath } = selfSigned(folder);
  keyPair = { cert: readFileSync(certificatePath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
  rmSync(folder, { recursive: true });
  return keyPair;
}

/** A STUN and TURN server over UDP, TCP and TLS on loopback that really relays, and misbehaves on request. */
export async function startTurnServer(options: TurnServerOptions = {}): Promise<TurnServer> {
  const { ip = '127.0.0.1', faults = {} } = options;
  const requests: LoggedRequest[] = [];
  const sessions = new TurnSessions(options, faults);
  const dispatch = dispatcher(sessions, faults, requests);
  const { cert, key } = ownKeyPair();
  const streams = new Set<Socket>();
  const type = ip === '::1' ? 'udp6' : 'udp4';
  const udp = createSocket(type);
  const other = createSocket(type).bind(0, ip);
  const tcp = createServer(socket => serveStream(socket, 'tcp'));
  const tls = createTlsServer({ cert, key }, socket => serveStream(socket, 'tls'));

  function serveStream(socket: Socket, transport: Transport): void {
    streams.add(socket);
    const send = (bytes: Uint8Array) => void (socket.writable && socket.write(bytes));
    const client = newClient(
      { ip: socket.remoteAddress ?? ip, port: socket.remotePort ?? 0 },
      'stream',
      send,
    );
    const framer = new StreamFramer();
    socket.on('data', chunk => {
      for (const frame of framer.push(chunk))
        if (frame.kind !== 'junk') dispatch(client, transport, frame.bytes);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      streams.delete(socket);
      sessions.release(client);
    });
  }

  serveDatagrams(udp, () => (faults.answerFromOtherPort ? other : udp), dispatch);
  udp.bind(0, ip);
  tcp.listen(0, ip);
  tls.listen(0, ip);
  await Promise.all([udp, other, tcp, tls].map(listener => once(listener, 'listening')));
  return {
    udp: { ip, port: udp.address().port },
    tcp: { ip, port: portOf(tcp) },
    tls: { ip, port: portOf(tls) },
    certificate: cert,
    requests,
    faults,
    stop: async () => {
      for (const stream of streams) stream.destroy();
      await Promise.all(
        [udp, other, tcp, tls].map(listener => new Promise<void>(done => listener.close(() => done()))),
      );
      sessions.close();
    },
  };
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

const newClient = (address: TransportAddress, over: Client['over'], send: Client['send']): Client => ({
  address,
  over,
  send,
  nonce: newNonce(),
});

type Dispatch = (client: Client, transport: Transport, bytes: Uint8Array) => void;

function serveDatagrams(socket: UdpSocket, answering: () => UdpSocket, dispatch: Dispatch): void {
  const clients = new Map<string, Client>();
  let open = true;
  // An answer may still be under way when the server stops.
  socket.once('close', () => {
    open = false;
  });
  socket.on('message', (bytes, { address, port }) => {
    const key = `${address} ${port}`;
    const send = (answer: Uint8Array) => void (open && answering().send(answer, port, address));
    const client = clients.get(key) ?? newClient({ ip: address, port }, 'datagram', send);
    clients.set(key, client);
    dispatch(client, 'udp', bytes);
  });
}

function dispatcher(sessions: TurnSessions, faults: Faults, requests: LoggedRequest[]): Dispatch {
  async function respond(client: Client, transport: Transport, bytes: Uint8Array): Promise<void> {
    const decoded = decode(bytes);
    if ('malformed' in decoded) return;
    const { message } = decoded;
    if (message.class === 'indication') sessions.indicate(client, message);
    if (message.class !== 'request') return;
    const log = (answer: LoggedRequest['answer']) => {
      const username = attribute(message, 'USERNAME');
      requests.push({ transport, method: message.method, from: client.address, username, answer });
    };
    if (spend(faults.drop, message.method as MethodName)) return log('dropped');
    const answer = await sessions.answer(client, message, bytes);
    log(answer.said);
    if (faults.delayMs) setTimeout(() => client.send(answer.bytes), faults.delayMs);
    else client.send(answer.bytes);
  }

  return (client, transport, bytes) => {
    if (faults.instead) return client.send(faults.instead);
    if (!isChannelData(bytes)) return void respond(client, transport, bytes);
    const frame = decodeChannelData(bytes);
    if (!('malformed' in frame)) sessions.channelData(client, frame);
  };
}
