import { once } from 'node:events';
import { connect as connectTcp, createServer, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Failure, StagesMs } from '../model/outcome.ts';
import type { TransportAddress } from '../model/transport.ts';
import { codeOf, failureOf } from './failure.ts';
import { Inbox } from './inbox.ts';
import type { Channel, Clock, Opening, OpenOptions, PeerListener } from './net.ts';
import { tlsPeer } from './tls-peer.ts';

type Outcome = 'done' | 'timed-out' | 'aborted' | Error;

/** Waits for `event` of a socket, or for what keeps it from coming. */
function settled(
  socket: Socket,
  event: string,
  clock: Clock,
  { timeoutMs, signal }: OpenOptions,
): Promise<Outcome> {
  return new Promise(resolve => {
    const end = (outcome: Outcome) => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      socket.off('error', end).off('close', onClose).off(event, onDone);
      resolve(outcome);
    };
    const onDone = () => end('done');
    const onClose = () => end(new Error('the connection was closed by the other side'));
    const onAbort = () => end('aborted');
    const cancelTimer = clock.schedule(timeoutMs, () => end('timed-out'));
    socket.once(event, onDone).once('error', end).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

const ABORTED: Failure = { outcome: 'skipped', reason: 'interrupted' };

function connectFailure(outcome: Exclude<Outcome, 'done'>, timeoutMs: number): Failure {
  if (outcome === 'aborted') return ABORTED;
  // SYN is resent by the kernel about once a second; one connection attempt is what we can count.
  if (outcome === 'timed-out') return { outcome: 'no-response', requestsSent: 1, waitedMs: timeoutMs };
  const failure = failureOf(outcome);
  return failure.outcome === 'closed' && outcome.message.includes('ETIMEDOUT')
    ? { outcome: 'no-response', requestsSent: 1, waitedMs: timeoutMs }
    : failure;
}

function tlsFailure(outcome: Exclude<Outcome, 'done'>, timeoutMs: number): Failure {
  if (outcome === 'aborted') return ABORTED;
  if (outcome === 'timed-out') {
    return { outcome: 'tls-failed', error: `no answer to the ClientHello in ${Math.round(timeoutMs)} ms` };
  }
  // OpenSSL's own words, as `wrong version number`; Node puts source file and line around them.
  const reason = 'reason' in outcome && typeof outcome.reason === 'string' ? outcome.reason : undefined;
  return { outcome: 'tls-failed', error: reason ?? outcome.message };
}

const addresses = (socket: Socket): { localAddress: TransportAddress; remoteAddress: TransportAddress } => ({
  localAddress: { ip: socket.localAddress ?? '', port: socket.localPort ?? 0 },
  remoteAddress: { ip: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
});

function streamChannel(socket: Socket, more: Pick<Channel, 'transport' | 'tls'>): Channel {
  const inbox = new Inbox();
  let open = true;
  const end = (failure: Failure) => {
    if (open) inbox.failed(failure);
    open = false;
    socket.destroy();
  };
  socket.on('data', (bytes: Buffer) => inbox.bytes(bytes));
  socket.on('error', error => end(failureOf(error)));
  socket.on('close', () => end({ outcome: 'closed', error: 'the other side closed the connection' }));
  return {
    ...more,
    ...addresses(socket),
    send: bytes => {
      if (open) socket.write(bytes);
    },
    receive: inbox.open,
    // Half-close first: bytes already written (the last Refresh) still go out.
    close: () => {
      open = false;
      socket.end();
      socket.unref();
    },
  };
}

/** Opens a TCP connection, and TLS over it for `tls`; times both. Any certificate is accepted and described. */
export async function openStream(options: OpenOptions, clock: Clock): Promise<Opening> {
  const { transport, server, name, timeoutMs } = options;
  const start = clock.monotonic();
  const socket = connectTcp({ host: server.ip, port: server.port, noDelay: true });
  const connected = await settled(socket, 'connect', clock, options);
  if (connected !== 'done') {
    socket.destroy();
    return { failure: connectFailure(connected, timeoutMs), stagesMs: {} };
  }
  const connectMs = clock.monotonic() - start;
  if (transport === 'tcp') {
    return { channel: streamChannel(socket, { transport }), stagesMs: { connect: connectMs } };
  }
  return openTls(socket, name, { connect: connectMs }, options, clock);
}

async function openTls(
  socket: Socket,
  name: string,
  stagesMs: StagesMs,
  options: OpenOptions,
  clock: Clock,
): Promise<Opening> {
  const start = clock.monotonic();
  const serverName = options.tls?.serverName === undefined ? name : options.tls.serverName;
  const secure: TLSSocket = connectTls({
    socket,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(serverName === null || isIP(serverName) ? {} : { servername: serverName }),
    ...(options.tls?.alpn ? { ALPNProtocols: [...options.tls.alpn] } : {}),
  });
  const timeoutMs = Math.max(1, options.timeoutMs - (stagesMs.connect ?? 0));
  const shaken = await settled(secure, 'secureConnect', clock, { ...options, timeoutMs });
  const peer = shaken === 'done' ? tlsPeer(secure, name) : undefined;
  if (shaken === 'done' && peer) {
    const channel = streamChannel(secure, { transport: 'tls', tls: peer });
    return { channel, stagesMs: { ...stagesMs, tls: clock.monotonic() - start } };
  }
  secure.on('error', () => {}).destroy();
  const failure: Failure =
    shaken === 'done'
      ? { outcome: 'tls-failed', error: 'the server showed no certificate that can be read' }
      : tlsFailure(shaken, timeoutMs);
  return { failure, stagesMs };
}

/** Opens a TCP listener on one local address. */
export async function listen(ip: string): Promise<PeerListener | { readonly error: string }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true });
  try {
    server.listen(0, ip);
    await once(server, 'listening');
  } catch (error) {
    return { error: `no TCP listener on ${ip}: ${codeOf(error) ?? (error as Error).message}` };
  }
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    localAddress: { ip, port },
    accept: receiver =>
      server.on('connection', socket => {
        sockets.add(socket);
        receiver(streamChannel(socket, { transport: 'tcp' }));
      }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
